namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>One program that runs.</summary>
/// <param name="Process">Its process id, which is its group's too.</param>
/// <param name="Caller">The grant that it runs for.</param>
/// <param name="IsShared">Whether all requests of that grant share it; else it is one session's.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Calls">Requests that it has not answered yet.</param>
/// <param name="Idle">For how long nobody has used it.</param>
public sealed record StdioChildStatus(
    int Process, string Caller, bool IsShared, DateTimeOffset Started, int Calls, TimeSpan Idle);
