using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Hosting.Draining;

/// <summary>The end of a process.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record DrainOptions
{
    /// <summary>
    /// The time for which clients with open connections are served after SIGTERM, so that each can leave by itself;
    /// less if there are no connections. Zero stops at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Grace { get; init; }
}
