using System.Collections.Immutable;

namespace Gateway.Limits;

/// <summary>Numbers of one counter's window that one call holds.</summary>
public sealed class CounterPermit
{
    /// <summary>Describes numbers that an owner has issued.</summary>
    public CounterPermit(
        CounterKey key,
        Amount max,
        Amount cost,
        long windowStartMs,
        ImmutableArray<Interval> intervals,
        Amount usedAfter)
    {
        Key = key;
        Max = max;
        Cost = cost;
        WindowStartMs = windowStartMs;
        WindowEndMs = key.Window.EndMs(windowStartMs);
        Intervals = intervals;
        UsedAfter = usedAfter;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; }

    /// <summary>The maximum that the call was judged by; every number lies below it.</summary>
    public Amount Max { get; }

    /// <summary>What was taken: the sum of the call's costs on this key.</summary>
    public Amount Cost { get; }

    /// <summary>Start of the window, Unix milliseconds UTC.</summary>
    public long WindowStartMs { get; }

    /// <summary>End (exclusive) of the window: the deadline.</summary>
    public long WindowEndMs { get; }

    /// <summary>
    /// The numbers: disjoint, below <see cref="Max"/>, of total length <see cref="Cost"/>; unique in the window.
    /// </summary>
    public ImmutableArray<Interval> Intervals { get; }

    /// <summary>What is charged in the window, this call included, as its owner knows it.</summary>
    public Amount UsedAfter { get; }

    /// <summary>What the window could still admit after this call.</summary>
    public Amount RemainingAfter => UsedAfter < Max ? Amount.FromNano(Max.Nano - UsedAfter.Nano) : Amount.Zero;

    /// <summary>How much of <see cref="Cost"/> is given back if the server answers with an error.</summary>
    public Amount Refundable { get; init; }
}
