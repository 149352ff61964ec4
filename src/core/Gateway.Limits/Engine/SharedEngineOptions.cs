using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>How an engine over a shared store runs.</summary>
public sealed record SharedEngineOptions
{
    /// <summary>
    /// A dead band of <see cref="ClockBounds.EpsilonMs"/> at each edge of a window, in which callers wait, so that no
    /// true window ever admits more than the maximum.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>Counters in memory; one more is refused, with the reason.</summary>
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>
    /// Why the store cannot be counted on now, or null while it can: calls with limits are then denied at once, with
    /// this as the reason.
    /// </summary>
    public Func<string?> StoreFault { get; init; } = static () => null;
}
