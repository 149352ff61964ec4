using System.Collections.Immutable;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>The state of a server's programs.</summary>
/// <param name="Children">The running programs, the longest running first.</param>
/// <param name="Starts">The number of starts so far.</param>
/// <param name="Restarts">The number of those starts that followed a crash.</param>
/// <param name="LastError">The reason of the last crash or refused start; null if there was none.</param>
/// <param name="LastErrorAt">The time of that error.</param>
/// <param name="LastErrorLines">The last lines of that program's standard error: not for agents.</param>
public sealed record StdioStatus(
    ImmutableArray<StdioChildStatus> Children, long Starts, long Restarts, string? LastError,
    DateTimeOffset? LastErrorAt, ImmutableArray<string> LastErrorLines) : UpstreamStatus;
