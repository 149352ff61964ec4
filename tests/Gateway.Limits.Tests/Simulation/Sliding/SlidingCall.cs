namespace Gateway.Limits.Tests.Simulation.Sliding;

/// <summary>One call at a frontend, which takes its limits one after the other.</summary>
internal sealed class SlidingCall
{
    public required CallId Id { get; set; }

    public required long ClockOffsetMs { get; set; }

    public required Gateway.Limits.Acquiring.CounterCost[] Costs { get; init; }

    /// <summary>What was taken, with the owner that it came from.</summary>
    public List<(CounterPermit Part, SlidingOwner Owner)> Parts { get; set; } = [];

    public Permit Permit { get; set; }

    public int Attempts { get; set; }

    public bool IsAsked { get; set; }

    /// <summary>Whom it asked last.</summary>
    public SlidingOwner? Asked { get; set; }

    public bool IsSent { get; set; }

    public bool IsOver { get; set; }

    public Gateway.Limits.Acquiring.CounterCost Next => Costs[Parts.Count];
}
