namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>One running program.</summary>
/// <param name="Process">Its process id, which is also its group id.</param>
/// <param name="Caller">The grant that it runs for.</param>
/// <param name="IsShared">True if all requests of the grant share it; otherwise it belongs to one session.</param>
/// <param name="Started">The time of its start.</param>
/// <param name="Calls">The number of requests without a response so far.</param>
/// <param name="Idle">The time since its last use.</param>
public sealed record StdioChildStatus(
    int Process, string Caller, bool IsShared, DateTimeOffset Started, int Calls, TimeSpan Idle);
