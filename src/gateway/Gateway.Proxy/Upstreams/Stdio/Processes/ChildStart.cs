using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>A program and all that it is given; it sees nothing else of the gateway.</summary>
/// <param name="Command">A path, or a name that is sought on the child's <c>PATH</c>.</param>
/// <param name="Arguments">Its arguments, as they are: no shell reads them.</param>
/// <param name="Environment"><c>NAME=value</c>, the whole environment.</param>
/// <param name="WorkingDirectory">Null: the gateway's own.</param>
internal sealed record ChildStart(
    string Command,
    ImmutableArray<string> Arguments,
    ImmutableArray<string> Environment,
    string? WorkingDirectory)
{
    /// <summary>What the system lets it take.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.None;

    /// <summary>Whom it runs as; null: the gateway's own user.</summary>
    public ProgramUser? User { get; init; }
}
