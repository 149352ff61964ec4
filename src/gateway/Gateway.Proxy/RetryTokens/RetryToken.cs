using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.RetryTokens;

/// <summary>A ticket that one retry has redeemed.</summary>
/// <param name="book">Where it was kept.</param>
/// <param name="name">The digest of its call.</param>
/// <param name="grant">Whose it was.</param>
/// <param name="kept">What was kept.</param>
internal sealed class RetryToken(RetryTokenStore book, string name, string grant, StoredRetryToken kept) : ISingleUse
{
    /// <summary>How many retries have gone free before this one since the call that was counted.</summary>
    public int Round => kept.Round;

    public ValueTask ReleaseAsync() => book.AddAsync(name, grant, kept);
}
