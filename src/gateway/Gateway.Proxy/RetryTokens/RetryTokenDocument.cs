using System.Text.Json.Serialization;

namespace Gateway.Proxy.RetryTokens;

/// <summary>The retry tokens for one call, stored in the control store under the call's digest.</summary>
/// <param name="Grant">The name of their grant.</param>
/// <param name="Expires">
/// One expiry per retry token, in Unix milliseconds: equal calls that were each counted have one each.
/// </param>
/// <param name="Rounds">
/// One round per retry token. Documents of earlier versions lack it; their retry tokens count as exhausted.
/// </param>
internal sealed record RetryTokenDocument(
    string Grant,
    IReadOnlyList<long> Expires,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<int>? Rounds = null)
{
    /// <summary>The call that a marker is for; null for any other document.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MarkedCall? Call { get; init; }

    public static RetryTokenDocument Of(string grant, IReadOnlyCollection<StoredRetryToken> tokens) => new(
        grant,
        [.. tokens.Select(static token => token.ExpiresMs)],
        [.. tokens.Select(static token => token.Round)]);

    public IEnumerable<StoredRetryToken> Valid(long nowMs)
    {
        var areNumbered = Rounds?.Count == Expires.Count;
        return Expires
            .Select((expires, i) => new StoredRetryToken(expires,
                areNumbered ? Rounds![i] : StoredRetryToken.Exhausted))
            .Where(token => token.ExpiresMs > nowMs);
    }
}

/// <summary>A call whose event stream its client may resume at another frontend.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="CallId">The gateway's id of the call.</param>
internal sealed record MarkedCall(string Tool, string CallId);
