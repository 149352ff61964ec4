namespace Gateway.Postgres.Tests.Clusters;

/// <summary>What a process of the fleet is told on its command line, as <c>name=value</c>.</summary>
internal sealed record FrontendOptions
{
    public const int CallersDefault = 8;

    public required string Url { get; init; }

    public required string Schema { get; init; }

    /// <summary>Calls at a time.</summary>
    public int Callers { get; init; } = CallersDefault;

    /// <summary>How far its clock is off, in milliseconds.</summary>
    public int OffsetMs { get; init; }

    /// <summary>Whether it measures instead of reporting each admission.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Whether some calls take all counters together, the others one of them.</summary>
    public bool TakesAll { get; init; }

    /// <summary>Calls take the first, the second, …, in turn.</summary>
    public CounterSpec[] Counters { get; init; } = [];

    /// <summary>As many like the first, each call one of them.</summary>
    public int Spread { get; init; } = 1;

    /// <summary>A URL, or a connection string of the driver.</summary>
    public static PostgresAddress ReadAddress(string text) => text.Contains("://", StringComparison.Ordinal)
        ? PostgresAddress.Parse(text)
        : PostgresAddress.FromConnectionString(text);

    public static FrontendOptions Parse(string[] arguments)
    {
        var values = arguments.Select(argument => argument.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return new FrontendOptions
        {
            Url = values["url"],
            Schema = values["schema"],
            Callers = Number("callers"),
            OffsetMs = Number("offset"),
            IsMeasured = Number("measured") == 1,
            Spread = Number("spread"),
            TakesAll = Number("all") == 1,
            Counters = [.. values["counters"].Split(',').Select(CounterSpec.Parse)],
        };

        int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
    }

    public string[] ToArguments() =>
    [
        "url=" + Url, "schema=" + Schema, $"callers={Callers}", $"offset={OffsetMs}",
        $"measured={(IsMeasured ? 1 : 0)}", $"spread={Spread}",
        $"all={(TakesAll ? 1 : 0)}", "counters=" + string.Join(',', (object[])Counters),
    ];
}
