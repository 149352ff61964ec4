using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>How an engine over a reservation store runs.</summary>
public sealed record LocalEngineOptions
{
    /// <summary>
    /// A dead band of <see cref="ClockBounds.EpsilonMs"/> at each edge of a window, in which callers wait, so that no
    /// true window ever admits more than the maximum.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>Counters in memory at a time; one more is refused, with the reason.</summary>
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>Where nonces come from.</summary>
    public Nonces Nonces { get; init; } = new();

    /// <summary>Calls that may wait for one counter; one more is refused, with the reason.</summary>
    [Range(1, 1 << 20)]
    public int WaitersMax { get; init; } = 16_384;

    /// <summary>A counter without a call for so long hands back what it holds and is let go.</summary>
    [Range(1, 86_400_000)]
    public int IdleMs { get; init; } = 10_000;

    /// <summary>
    /// Where this process owns the store: a block is worth at least the maximum divided by this, or by the window's
    /// seconds if they are more, so that a counter writes about so many times a window however slow it is. An end
    /// without a hand-back wastes one and a half blocks at most: 1.5 % of a short window, 1.5 s of a long one.
    /// </summary>
    [Range(1, 1_000_000)]
    public int BlockLeastPart { get; init; } = 100;

    /// <summary>How long a call waits for one counter before it is denied.</summary>
    [Range(1, 60_000)]
    public int AcquireTimeoutMs { get; init; } = 2000;

    /// <summary>How long the store may take before its answer counts as unknown; 0 to wait for it.</summary>
    [Range(0, 60_000)]
    public int StoreTimeoutMs { get; init; } = 1000;

    /// <summary>
    /// Why the store cannot be counted on now, or null while it can: calls with limits are then denied at once, with
    /// this as the reason.
    /// </summary>
    public Func<string?>? StoreFault { get; init; }

    /// <summary>How long a refusal that is not final waits for what may come back.</summary>
    [Range(0, 10_000)]
    public int DeferMs { get; init; } = 50;
}
