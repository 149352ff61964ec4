using Gateway.RateLimiting;
using Gateway.RateLimiting.Tests.Conformance;

namespace Gateway.Postgres.Tests.Conformance;

/// <summary>The limiter of .NET over a database.</summary>
[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class RateLimiterPostgresConformanceTests(SharedDatabase shared) : RateLimiterConformance
{
    protected override async Task<RateLimiter> OpenAsync()
    {
        var backend = Own(await PostgresBackend.OpenAsync(
            shared.NewOptions(), false, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));
        return new ExactRateLimiter(backend, backend.Clock, new ExactLimit("shop", "calls", Limit, "365d"));
    }
}
