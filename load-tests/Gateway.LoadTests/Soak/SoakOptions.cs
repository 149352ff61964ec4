namespace Gateway.LoadTests.Soak;

/// <summary>The duration of the load on a gateway, and its rate.</summary>
internal sealed record SoakOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>True to run it with <c>--io inline</c>.</summary>
    public bool IsInline { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>The part of the full rate that is sent.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>The calls per second; null to measure the full rate first and send a share of it.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The maximum size of the gateway's audit log, so that its disk use can be flat.</summary>
    public string AuditBytes { get; init; } = "512MB";

    /// <summary>The time between two samples of the process.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);
}
