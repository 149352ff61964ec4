using System.Collections.Immutable;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>What became of a server's programs so far.</summary>
/// <param name="Children">Running now, the longest first.</param>
/// <param name="Starts">Started so far.</param>
/// <param name="Restarts">Of these, started after one that had crashed.</param>
/// <param name="LastError">How the last crash or refused start went; null where there was none.</param>
/// <param name="LastErrorAt">When that was.</param>
/// <param name="LastErrorLines">What that program wrote last on its standard error: not for agents.</param>
public sealed record StdioStatus(
    ImmutableArray<StdioChildStatus> Children, long Starts, long Restarts, string? LastError,
    DateTimeOffset? LastErrorAt, ImmutableArray<string> LastErrorLines) : UpstreamStatus;
