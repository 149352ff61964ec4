namespace Gateway.LoadTests.Soak;

/// <summary>How long a gateway is under load, and under how much.</summary>
internal sealed record SoakOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>Run it with <c>--io inline</c>.</summary>
    public bool IsInline { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>The part of the full rate that is sent.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Calls a second; null finds the full rate first and takes a share of it.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The most that the gateway's record may take, so that its disk can be flat.</summary>
    public string AuditBytes { get; init; } = "512MB";

    /// <summary>Between two looks at the process.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);
}
