namespace Gateway.Limits.Taking;

/// <summary>How a frontend takes the limits of a call.</summary>
internal sealed record TakingOptions
{
    /// <summary>The dead band at each edge of a window: 0, or ε with strict windows.</summary>
    public int MarginMs { get; init; }

    /// <summary>How long a refusal that is not final waits for what may come back.</summary>
    public int PatienceMs { get; init; } = 50;
}
