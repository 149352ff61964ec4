namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>What became of an answer.</summary>
/// <param name="Status">The HTTP status that the server answered with.</param>
/// <param name="IsError">
/// True for a status ≥ 400 always, and for a JSON-RPC error or <c>isError</c> where <see
/// cref="RelayPlan.InspectsErrors"/> asked.
/// </param>
/// <param name="Bytes">Bytes of the body that were passed on.</param>
/// <param name="End">How it ended.</param>
/// <param name="Reason">Why it did not complete, for the record; null when it did.</param>
/// <param name="IsAnswered">
/// Whether the server is done with the call, as far as it says: it answered, or ended a stream that nobody resumes.
/// </param>
public readonly record struct RelayOutcome(
    int Status, bool IsError, long Bytes, RelayEnd End, string? Reason = null, bool IsAnswered = false)
{
    /// <summary>How long the server asked the client to wait before it resumes the stream.</summary>
    public TimeSpan Retry { get; init; }
}
