namespace Gateway.Limits.Tests.Simulation;

/// <summary>A process that owns counters; it can be paused and killed, and there may be several for one key.</summary>
internal sealed class SimulatedOwner(int index, SimulatedStore store)
{
    public int Index => index;

    public SimulatedStore Store => store;

    public Dictionary<CounterKey, ICounter> Counters { get; } = [];

    public bool IsPaused { get; set; }

    /// <summary>What its clock said last.</summary>
    public long LastMs { get; set; }

    public long ClockOffsetMs { get; set; }
}
