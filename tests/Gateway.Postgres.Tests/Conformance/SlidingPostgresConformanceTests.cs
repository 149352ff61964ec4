using Gateway.Postgres.Tests.Reservations;

namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class SlidingPostgresConformanceTests(SharedDatabase shared)
    : SlidingRecordConformance, IAsyncLifetime
{
    private StoreBench? _bench;

    protected override IReservationStore Store => _bench!.Store;

    public async Task InitializeAsync() =>
        _bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.FromDays(10_000) });

    public async Task DisposeAsync() => await _bench!.DisposeAsync();
}
