using Gateway.Limits;
using Gateway.Limits.Conformance;
using Gateway.Postgres.Tests.Clusters;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class SlidingFleetConformanceTests(SharedDatabase shared) : SlidingLimiterConformance
{
    /// <summary>The clock of these tests stands in the past, which the real database's would not bear.</summary>
    private readonly PostgresOptions _options = shared.NewOptions() with
    {
        ComparesClocks = false,
        KeepFinished = TimeSpan.FromDays(10_000),
    };

    private PostgresFleet? _fleet;

    protected override async Task<ILimiter> OpenAsync(bool strictWindows)
    {
        _fleet = await PostgresFleet.OpenAsync(
            _options, strictWindows, Time, NullLoggerFactory.Instance, CancellationToken.None);
        return _fleet.Limiter;
    }

    protected override async Task CloseAsync(ILimiter limiter) => await _fleet!.DisposeAsync();
}
