using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Proxy.Upstreams.Stdio.Processes;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>Options for the programs of servers on standard input and output.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ProgramOptions
{
    /// <summary>The maximum number of running programs, for all servers together.</summary>
    [Range(1, int.MaxValue)]
    public int ProgramsMax { get; init; } = 256;

    /// <summary>
    /// The command for supervising programs; null if the host cannot supervise, so that servers that are programs are
    /// refused.
    /// </summary>
    public SupervisorStart? Supervisor { get; init; }

    /// <summary>The directory that contains one directory per server for its programs.</summary>
    public string Directory { get; init; } = "programs";
}
