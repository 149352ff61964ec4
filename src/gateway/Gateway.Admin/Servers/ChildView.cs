using Gateway.Proxy.Upstreams.Stdio;

namespace Gateway.Admin.Servers;

/// <summary>A running program of a server.</summary>
/// <param name="Process">The process id, which is also the id of its process group.</param>
/// <param name="Grant">The grant for which it runs.</param>
/// <param name="Kind">
/// <c>session</c> if it serves one session; <c>shared</c> if it serves all requests of the grant.
/// </param>
/// <param name="Started">The time of its start.</param>
/// <param name="Calls">The number of requests without a response yet.</param>
/// <param name="IdleSeconds">The time since its last use, in seconds.</param>
internal sealed record ChildView(
    int Process, string Grant, string Kind, DateTimeOffset Started, int Calls, double IdleSeconds)
{
    public static ChildView Of(StdioChildStatus child) => new(
        child.Process,
        child.Caller,
        child.IsShared ? "shared" : "session",
        child.Started,
        child.Calls,
        Math.Round(child.Idle.TotalSeconds, 1));
}
