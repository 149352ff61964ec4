using Gateway.Proxy.Upstreams.Stdio;

namespace Gateway.Admin.Servers;

/// <summary>One program that runs.</summary>
/// <param name="Process">Its process id, which is its group's too.</param>
/// <param name="Grant">The grant that it runs for.</param>
/// <param name="Kind"><c>session</c>: one session's own; <c>shared</c>: of all the grant's requests.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Calls">Requests that it has not answered yet.</param>
/// <param name="IdleSeconds">For how long nobody has used it, in seconds.</param>
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
