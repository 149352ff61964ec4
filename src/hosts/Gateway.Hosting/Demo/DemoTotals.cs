namespace Gateway.Hosting.Demo;

/// <summary>The totals of the agent's calls; <see cref="ToString"/> is the demo's closing line.</summary>
public readonly record struct DemoTotals(int Admitted, int RateLimited, int Denied, int Failed)
{
    /// <summary>The expected totals of the demo on one machine.</summary>
    public static DemoTotals Expected { get; } = new(10, 15, 1, 0);

    /// <summary>Returns the totals with one more call.</summary>
    public DemoTotals Add(DemoOutcome outcome) => outcome switch
    {
        DemoOutcome.Admitted => this with { Admitted = Admitted + 1 },
        DemoOutcome.RateLimited => this with { RateLimited = RateLimited + 1 },
        DemoOutcome.Denied => this with { Denied = Denied + 1 },
        DemoOutcome.Failed => this with { Failed = Failed + 1 },
        _ => throw new NotSupportedException($"DemoOutcome {outcome} has no case here."),
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        var line = $"{Admitted} admitted, {RateLimited} rate-limited, {Denied} denied";
        return Failed == 0 ? line : $"{line}, {Failed} failed";
    }
}

/// <summary>The outcome of one call, as the agent sees it in the response.</summary>
public enum DemoOutcome
{
    /// <summary>The server responded.</summary>
    Admitted,

    /// <summary>A limit refused it.</summary>
    RateLimited,

    /// <summary>A rule denied it.</summary>
    Denied,

    /// <summary>An error without a decision, or a problem of the gateway itself; the demo then fails.</summary>
    Failed,
}
