using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Health;

/// <summary>The behavior while the shared control store cannot be reached.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record StoreLossOptions
{
    /// <summary>
    /// The time for which calls without limits and without approval go on with the last known grants and policies;
    /// zero, the default, refuses them. At most 60 s: a revoked or paused grant is served that much longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LastKnownFor { get; init; }

    /// <summary>
    /// True if a process that has decided calls stays ready while the store is away, to report the loss to each agent.
    /// </summary>
    public bool ReadyWhileStoreAway { get; init; }
}
