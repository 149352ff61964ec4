namespace Gateway.Limits.Tests.Conformance;

public sealed class JournalStoreConformanceTests : ReservationStoreConformance, IAsyncDisposable
{
    private readonly JournalStore _store = new(new MemoryDisk(), new JournalOptions(), TimeProvider.System, 0);

    protected override IReservationStore Store => _store;

    protected override Task ExpireAsync(long endMs) => _store.RaiseFloorAsync(endMs).AsTask();

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
