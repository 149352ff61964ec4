namespace Gateway.Limits.Tests.Simulation.Sliding;

/// <summary>A process that owns sliding counters; it can be paused and killed.</summary>
internal sealed class SlidingOwner(int index, SimulatedStore store) : ISimulatedOwner
{
    public int Index => index;

    public SimulatedStore Store => store;

    public Dictionary<CounterKey, SlidingWindowCounter> Counters { get; } = [];

    public bool IsPaused { get; set; }

    public long ClockOffsetMs { get; set; }
}
