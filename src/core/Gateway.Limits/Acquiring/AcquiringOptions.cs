using System.ComponentModel.DataAnnotations;

namespace Gateway.Limits.Acquiring;

/// <summary>How a frontend takes the limits of a call.</summary>
public sealed record AcquiringOptions
{
    /// <summary>The dead band at each edge of a window: 0, or ε with strict windows.</summary>
    [Range(0, 10_000)]
    public int MarginMs { get; init; }

    /// <summary>How long a refusal that is not final waits for what may come back.</summary>
    [Range(0, 10_000)]
    public int DeferMs { get; init; } = 50;

    /// <summary>Final refusals to remember; 0 where the counters are at hand and soon asked again.</summary>
    [Range(0, 1 << 24)]
    public int RefusalsMax { get; init; }
}
