using Gateway.Proxy.Upstreams.Stdio;

namespace Gateway.Admin.Servers;

/// <summary>The programs of a server on standard input and output, at the gateway that was asked.</summary>
/// <param name="ChildrenMax">The most that may run at once.</param>
/// <param name="Starts">Started since this gateway runs, or since the server was changed.</param>
/// <param name="Restarts">Of these, started after one that had crashed.</param>
/// <param name="LastError">How the last crash or refused start went.</param>
/// <param name="LastErrorAt">When that was.</param>
/// <param name="LastErrorLines">What that program wrote last on its standard error.</param>
/// <param name="Children">Those that run now.</param>
internal sealed record ProgramsView(
    int ChildrenMax,
    long Starts,
    long Restarts,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    IReadOnlyList<string> LastErrorLines,
    IReadOnlyList<ChildView> Children)
{
    public static ProgramsView Of(StdioStatus? status, int childrenMax) => new(
        childrenMax,
        status?.Starts ?? 0,
        status?.Restarts ?? 0,
        status?.LastError,
        status?.LastErrorAt,
        status is null ? [] : status.LastErrorLines,
        status is null ? [] : [.. status.Children.Select(ChildView.Of)]);
}
