namespace Gateway.Faults.FailPoints;

/// <summary>Passes a fail point on both sides of each write.</summary>
internal class PassingStore(IReservationStore store, FailPoint point) : IReservationStore
{
    public virtual bool HasSoleOwner => store.HasSoleOwner;

    protected FailPoint Point => point;

    /// <summary>The same, and as good in a conflict as the store beneath.</summary>
    public static IReservationStore Over(IReservationStore store, FailPoint point) =>
        store is IContendedStore contended ? new Contended(contended, point) : new PassingStore(store, point);

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        store.ReadAsync(key, cancellationToken);

    public virtual async ValueTask<WriteOutcome> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        point.Pass(Points.BeforeReserving);
        var outcome = await store.WriteAsync(key, expectedNonce, next, cancellationToken);
        if (outcome == WriteOutcome.Ok) point.Pass(Points.AfterReserving);
        return outcome;
    }

    private sealed class Contended(IContendedStore store, FailPoint point) : PassingStore(store, point), IContendedStore
    {
        public async ValueTask<ReservationWrite> SwapAsync(
            CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
        {
            Point.Pass(Points.BeforeReserving);
            var write = await store.SwapAsync(key, expectedNonce, next, cancellationToken);
            if (write.Outcome == WriteOutcome.Ok) Point.Pass(Points.AfterReserving);
            return write;
        }
    }
}
