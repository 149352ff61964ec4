namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The outcome of relaying a response.</summary>
/// <param name="Status">The HTTP status of the server's response.</param>
/// <param name="IsError">
/// True for any status ≥ 400, and for a JSON-RPC error or <c>isError</c> if <see cref="RelayPlan.InspectsErrors"/> was
/// set.
/// </param>
/// <param name="Bytes">The number of bytes of the body that were relayed.</param>
/// <param name="End">The kind of end.</param>
/// <param name="Reason">The reason for an incomplete response, for the record; null if it was completed.</param>
/// <param name="IsAnswered">
/// True if the server is done with the call, as far as known: it responded, or ended a stream that nobody resumes.
/// </param>
public readonly record struct RelayOutcome(
    int Status, bool IsError, long Bytes, RelayEnd End, string? Reason = null, bool IsAnswered = false)
{
    /// <summary>The time that the server requested before the client resumes the stream.</summary>
    public TimeSpan Retry { get; init; }
}
