namespace Gateway.Limits.Tests.Simulation;

/// <summary>Something that runs one schedule, and throws where a promise is broken.</summary>
internal interface IWorld
{
    /// <summary>What happened, in order.</summary>
    List<string> Trace { get; }

    /// <summary>Runs the schedule to its end, then lets everything heal.</summary>
    void Run();
}
