using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>Options of an engine over a reservation store.</summary>
public sealed record LocalEngineOptions
{
    /// <summary>
    /// A dead band of <see cref="ClockBounds.EpsilonMs"/> at each edge of a window, in which callers wait, so that no
    /// window of true time ever admits more than the maximum.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>Maximum number of counters in memory; a further one is refused with the reason.</summary>
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>The source of nonces.</summary>
    public Nonces Nonces { get; init; } = new();

    /// <summary>Maximum number of calls that wait for one counter; a further one is refused with the reason.</summary>
    [Range(1, 1 << 20)]
    public int WaitersMax { get; init; } = 16_384;

    /// <summary>
    /// A counter without a call for this long, in milliseconds, returns what it holds and is evicted.
    /// </summary>
    [Range(1, 86_400_000)]
    public int IdleMs { get; init; } = 10_000;

    /// <summary>
    /// Where this process owns the store: a block is worth at least the maximum divided by this, or by the window's
    /// seconds if they are more, so that a counter writes about this many times per window however slow it is. A crash
    /// wastes at most one and a half blocks: 1.5 % of a short window, 1.5 s of a long one.
    /// </summary>
    [Range(1, 1_000_000)]
    public int BlockLeastPart { get; init; } = 100;

    /// <summary>Maximum wait of a call for one counter before it is denied, in milliseconds.</summary>
    [Range(1, 60_000)]
    public int AcquireTimeoutMs { get; init; } = 2000;

    /// <summary>
    /// How long the store may take before the outcome counts as unknown, in milliseconds; 0 for no time-out.
    /// </summary>
    [Range(0, 60_000)]
    public int StoreTimeoutMs { get; init; } = 1000;

    /// <summary>
    /// Returns the reason why the store is unreliable now, or null while it is not. Calls with limits are then denied
    /// at once, with this reason.
    /// </summary>
    public Func<string?>? StoreFault { get; init; }

    /// <summary>Maximum wait of a refusal that is not final for numbers that may come back, in milliseconds.</summary>
    [Range(0, 10_000)]
    public int DeferMs { get; init; } = 50;
}
