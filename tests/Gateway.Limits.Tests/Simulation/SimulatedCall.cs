namespace Gateway.Limits.Tests.Simulation;

/// <summary>One call at a frontend: it takes its limits one after the other, in the canonical order.</summary>
internal sealed class SimulatedCall
{
    public required CallId Id { get; set; }

    public required long ClockOffsetMs { get; set; }

    public required CounterCost[] Costs { get; init; }

    /// <summary>What was taken, with the owner that it came from.</summary>
    public List<(CounterPermit Part, SimulatedOwner Owner)> Parts { get; set; } = [];

    public Permit Permit { get; set; }

    public int Attempts { get; set; }

    public bool IsAsked { get; set; }

    /// <summary>Whom it asked last.</summary>
    public SimulatedOwner? Asked { get; set; }

    public bool IsSent { get; set; }

    public bool IsOver { get; set; }

    public CounterCost Next => Costs[Parts.Count];
}
