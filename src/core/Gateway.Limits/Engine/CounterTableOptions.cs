using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>The bounds of a table of counters.</summary>
internal sealed record CounterTableOptions
{
    /// <summary>Counters in memory at a time; one more is refused.</summary>
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>A counter without a call for so long hands back what it holds and is let go.</summary>
    public int IdleMs { get; init; } = 10_000;

    /// <summary>Counters that hand back in one go: more would keep the calls that wait for the store waiting.</summary>
    public int HandBacksMax { get; init; } = 5000;

    /// <summary>
    /// While more than so many counters are asking the store, none reads ahead: nobody waits for that, so there would
    /// be no end of it, and all of it would be garbage that the collector has to keep for a while.
    /// </summary>
    public int ReadsAheadMax { get; init; } = 1024;

    /// <summary>How long a call waits for a counter's answer before it is refused.</summary>
    public int AcquireTimeoutMs { get; init; } = 2000;

    /// <summary>How long a shared store may take before its answer counts as unknown; 0 to wait for it.</summary>
    public int StoreTimeoutMs { get; init; }

    /// <summary>Locks; a power of two.</summary>
    public int Shards { get; init; } = 64;
}
