using System.Text.Json.Serialization;

namespace Gateway.Proxy.RetryTokens;

/// <summary>The tickets for one call, as the control store keeps them under the call's digest.</summary>
/// <param name="Grant">Whose they are.</param>
/// <param name="Expires">
/// One instant a ticket, Unix milliseconds: equal calls that were each paid have one each.
/// </param>
/// <param name="Rounds">
/// One round a ticket. Absent in what an earlier version wrote, which knew of none: such a ticket is exhausted.
/// </param>
internal sealed record RetryTokenDocument(
    string Grant,
    IReadOnlyList<long> Expires,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Rounds = null)
{
    public static RetryTokenDocument Of(string grant, IReadOnlyCollection<StoredRetryToken> tickets) => new(
        grant,
        [.. tickets.Select(static ticket => ticket.ExpiresMs)],
        [.. tickets.Select(static ticket => ticket.Round)]);

    public IEnumerable<StoredRetryToken> Valid(long nowMs)
    {
        var areNumbered = Rounds?.Count == Expires.Count;
        return Expires
            .Select((expires, i) => new StoredRetryToken(expires,
                areNumbered ? Rounds![i] : StoredRetryToken.Exhausted))
            .Where(ticket => ticket.ExpiresMs > nowMs);
    }
}
