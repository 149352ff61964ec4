using System.ComponentModel.DataAnnotations;

namespace Gateway.Limits.Acquiring;

/// <summary>Options of a frontend for taking the limits of a call.</summary>
public sealed record AcquiringOptions
{
    /// <summary>The dead band at each edge of a window: 0, or ε with strict windows.</summary>
    [Range(0, 10_000)]
    public int MarginMs { get; init; }

    /// <summary>Maximum wait of a refusal that is not final for numbers that may come back, in milliseconds.</summary>
    [Range(0, 10_000)]
    public int DeferMs { get; init; } = 50;

    /// <summary>
    /// Number of final refusals to remember; 0 where the counters are in this process and cheap to request again.
    /// </summary>
    [Range(0, 1 << 24)]
    public int RefusalsMax { get; init; }
}
