namespace Gateway.Limits.Tests.Simulation;

/// <summary>A process that owns counters, as frontends see it.</summary>
internal interface ISimulatedOwner
{
    int Index { get; }

    bool IsPaused { get; }
}
