namespace Gateway.Faults.FailPoints;

/// <summary>A store that passes a fail point before and after each write.</summary>
internal sealed class PassingStore(IReservationStore store, FailPoint point) : IReservationStore
{
    public bool HasSoleOwner => store.HasSoleOwner;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        store.ReadAsync(key, cancellationToken);

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        point.Pass(Points.BeforeReserving);
        var write = await store.WriteAsync(key, expectedNonce, next, cancellationToken);
        if (write == ReservationWrite.Ok) point.Pass(Points.AfterReserving);
        return write;
    }
}
