namespace Gateway.Limits.Tests.Conformance;

public sealed class SharedStoreConformanceTests : ReservationStoreConformance
{
    private readonly SharedStore _store = new();

    protected override IReservationStore Store => _store;

    protected override Task ExpireAsync(long endMs)
    {
        _store.Expire(endMs);
        return Task.CompletedTask;
    }
}
