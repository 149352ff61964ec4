using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Proxy.Upstreams.Stdio.Processes;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>The programs of servers on standard input and output.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record ProgramOptions
{
    /// <summary>The most programs that run at once, of all servers.</summary>
    [Range(1, int.MaxValue)]
    public int ProgramsMax { get; init; } = 256;

    /// <summary>
    /// How this executable supervises programs; null if the host cannot, and servers that are programs are refused.
    /// </summary>
    public SupervisorStart? Supervisor { get; init; }

    /// <summary>The directory in which each server's programs have a directory of their own.</summary>
    public string Directory { get; init; } = "programs";
}
