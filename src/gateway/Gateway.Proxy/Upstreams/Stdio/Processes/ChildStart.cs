using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>A program with everything that it receives from the gateway.</summary>
/// <param name="Command">A path, or a name that is searched on the child's <c>PATH</c>.</param>
/// <param name="Arguments">The arguments, verbatim: no shell interprets them.</param>
/// <param name="Environment">The whole environment, as <c>NAME=value</c>.</param>
/// <param name="WorkingDirectory">The working directory; null uses the gateway's own.</param>
internal sealed record ChildStart(
    string Command,
    ImmutableArray<string> Arguments,
    ImmutableArray<string> Environment,
    string? WorkingDirectory)
{
    /// <summary>The system limits of the program.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.None;

    /// <summary>The user that it runs as; null uses the gateway's own user.</summary>
    public ProgramUser? User { get; init; }
}
