namespace Gateway.Faults.Histories;

/// <summary>One call as it reached the recording server, whose log is reliable.</summary>
/// <param name="CallId">The gateway's id for the forwarded attempt; empty if there was none.</param>
/// <param name="Tool">The tool that was called.</param>
/// <param name="AtMs">The time of arrival.</param>
/// <param name="Failed">True if the server returned an error, as the call requested.</param>
internal sealed record ServerCall(string CallId, string Tool, long AtMs, bool Failed)
{
    /// <summary>
    /// The subject of a counter: the value, or the server's own id of the session; empty if there is none.
    /// </summary>
    public string Subject { get; init; } = "";

    /// <summary>
    /// The time of the response, or of the end of the caller's connection; the greatest value while the call is open.
    /// </summary>
    public long EndMs { get; set; } = long.MaxValue;
}
