using Gateway.Proxy.Upstreams.Stdio;

namespace Gateway.Admin.Servers;

/// <summary>The programs of a server on standard input and output, at the gateway that responds.</summary>
/// <param name="ChildrenMax">The maximum number of programs that run at the same time.</param>
/// <param name="Starts">The number of starts since this gateway started, or since the server was changed.</param>
/// <param name="Restarts">The number of those starts that replaced a crashed program.</param>
/// <param name="LastError">The cause of the last crash or refused start.</param>
/// <param name="LastErrorAt">The time of the last crash or refused start.</param>
/// <param name="LastErrorLines">The last lines that this program wrote to standard error.</param>
/// <param name="Children">The programs that run now.</param>
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
