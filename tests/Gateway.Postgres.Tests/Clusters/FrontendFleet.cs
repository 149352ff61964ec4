namespace Gateway.Postgres.Tests.Clusters;

/// <summary>Several processes over one schema, and the history of what they sent.</summary>
internal sealed class FrontendFleet(PostgresOptions options, string url, CounterSpec[] counters) : IAsyncDisposable
{
    private readonly List<FrontendProcess> _all = [];

    public History History { get; } = new();

    public CounterSpec[] Counters { get; } = counters;

    /// <summary>Whether some calls take all counters together.</summary>
    public bool TakesAll { get; init; } = true;

    public static FrontendFleet Over(SharedDatabase shared, bool takesAll, params CounterSpec[] counters) =>
        new(shared.NewOptions(), shared.Url, counters) { TakesAll = takesAll };

    /// <summary>Starts one more process.</summary>
    /// <param name="throughUrl">Another way to the database; null for the direct one.</param>
    /// <param name="offsetMs">How far its clock is off.</param>
    /// <param name="history">Where its calls are noted; null for that of the fleet.</param>
    /// <param name="environment">Further variables.</param>
    public async Task<FrontendProcess> StartAsync(
        string? throughUrl = null,
        int offsetMs = 0,
        History? history = null,
        params (string Name, string Value)[] environment)
    {
        var frontendOptions = new FrontendOptions
        {
            Url = throughUrl ?? url,
            Schema = options.Schema,
            Counters = Counters,
            OffsetMs = offsetMs,
            TakesAll = TakesAll,
        };
        var frontend = await FrontendProcess.StartAsync(frontendOptions, (history ?? History).Add, environment);
        lock (_all) _all.Add(frontend);
        return frontend;
    }

    public Task<FrontendProcess[]> StartAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync()));

    /// <summary>Lets so many windows of the first counter be used.</summary>
    public async Task PassWindowsAsync(int count)
    {
        var first = History.Windows(Counters[0]);
        await Soon.UntilAsync(() => History.Windows(Counters[0]) >= first + count, $"{count} more windows");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var frontend in _all) await frontend.DisposeAsync();
    }
}
