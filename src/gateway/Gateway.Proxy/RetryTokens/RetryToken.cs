using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.RetryTokens;

/// <summary>A retry token that one retry has redeemed.</summary>
/// <param name="book">The store that it came from.</param>
/// <param name="name">The digest of its call.</param>
/// <param name="grant">The name of its grant.</param>
/// <param name="kept">The stored retry token.</param>
internal sealed class RetryToken(RetryTokenStore book, string name, string grant, StoredRetryToken kept) : ISingleUse
{
    /// <summary>The number of uncounted retries before this one since the counted call.</summary>
    public int Round => kept.Round;

    public ValueTask ReleaseAsync() => book.AddAsync(name, grant, kept);
}
