namespace Gateway.Limits.Tests.Simulation;

/// <summary>One call at a frontend, which steps its plan.</summary>
internal sealed class SimulatedCall
{
    public CallId Id { get; set; }

    public required long ClockOffsetMs { get; set; }

    public required ImmutableArray<LimitCost> Costs { get; init; }

    /// <summary>Null until it begins to acquire.</summary>
    public SteppedPlan? Plan { get; set; }

    /// <summary>True time when it began.</summary>
    public long BeganMs { get; set; }

    /// <summary>What was taken, with the owner that it came from.</summary>
    public Dictionary<CounterPermit, SimulatedOwner> Parts { get; } = new(ReferenceEqualityComparer.Instance);

    public Permit Permit { get; set; }

    public int Attempts { get; set; }

    /// <summary>Whom it asked last; null while it has an answer, or has asked nobody yet.</summary>
    public SimulatedOwner? Asked { get; set; }

    public bool IsSent { get; set; }

    public bool IsOver { get; set; }
}
