using Gateway.Limits.Model;

namespace Gateway.Limits.CrashChild;

/// <summary>Passes a fail point when the store has said yes and the counter has not heard it yet.</summary>
internal sealed class FailingStore(IReservationStore store, FailPoint point) : IReservationStore
{
    public bool HasSoleOwner => store.HasSoleOwner;

    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        store.ReadAsync(key, cancellationToken);

    public async ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        var write = await store.WriteAsync(key, expectedNonce, next, cancellationToken);
        if (write == ReservationWrite.Ok) point.Pass("between-reply-and-grant");
        return write;
    }
}
