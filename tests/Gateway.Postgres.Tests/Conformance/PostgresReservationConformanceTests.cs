using Gateway.Postgres.Tests.Reservations;

namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class PostgresReservationConformanceTests(SharedDatabase shared)
    : ReservationStoreConformance, IAsyncLifetime
{
    private StoreBench? _bench;

    protected override IReservationStore Store => _bench!.Store;

    public async Task InitializeAsync() =>
        _bench = await StoreBench.OpenAsync(shared.NewOptions() with { KeepFinished = TimeSpan.FromDays(10_000) });

    protected override async Task ExpireAsync(long endMs)
    {
        await using var sweeping = await StoreBench.OpenAsync(_bench!.Options with { KeepFinished = TimeSpan.Zero });
        await sweeping.SweepAsync();
    }

    public async Task DisposeAsync() => await _bench!.DisposeAsync();
}
