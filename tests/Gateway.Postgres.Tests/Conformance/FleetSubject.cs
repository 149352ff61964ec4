namespace Gateway.Postgres.Tests.Conformance;

/// <summary>One of a fleet over a database.</summary>
internal sealed class FleetSubject(SharedDatabase shared) : ILimiterSubject
{
    /// <summary>The clock of these tests stands in the past, which the real database's would not bear.</summary>
    private readonly PostgresOptions _options = shared.NewOptions() with
    {
        ComparesClocks = false,
        KeepFinished = TimeSpan.FromDays(10_000),
    };

    private PostgresBackend? _fleet;

    public async Task<ILimiter> OpenAsync(ManualTime time, bool strictWindows)
    {
        _fleet = await PostgresBackend.OpenAsync(
            _options, strictWindows, time, NullLoggerFactory.Instance, CancellationToken.None);
        return _fleet;
    }

    public async Task CloseAsync(ILimiter limiter) => await _fleet!.DisposeAsync();
}
