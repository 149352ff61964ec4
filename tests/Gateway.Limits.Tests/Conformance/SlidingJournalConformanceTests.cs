namespace Gateway.Limits.Tests.Conformance;

public sealed class SlidingJournalConformanceTests : SlidingRecordConformance, IAsyncDisposable
{
    private readonly JournalStore _store = new(new MemoryDisk(), new JournalOptions(), TimeProvider.System, 0);

    protected override IReservationStore Store => _store;

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
