namespace Gateway.Faults.Histories;

/// <summary>One call as it reached the recording server: the ground truth.</summary>
/// <param name="CallId">The gateway's id for the forwarded attempt; empty where there was none.</param>
/// <param name="Tool">The tool that was called.</param>
/// <param name="AtMs">When it arrived.</param>
/// <param name="Failed">The server answered with an error, as it was told to.</param>
internal sealed record ServerCall(string CallId, string Tool, long AtMs, bool Failed)
{
    /// <summary>Whom a counter was for: the value, or the server's own id of the session; empty where none.</summary>
    public string Subject { get; init; } = "";

    /// <summary>When the server answered, or its caller's connection was gone; the greatest while it is open.</summary>
    public long EndMs { get; set; } = long.MaxValue;
}
