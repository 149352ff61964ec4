namespace Gateway.Limits.Model;

/// <summary>
/// A store that several owners write to at once, and that says with a conflict what it found. An owner that had to read
/// first would come too late again and again behind one that writes without a pause; this way both are level.
/// </summary>
public interface IContendedStore : IReservationStore
{
    /// <summary>As <see cref="IReservationStore.WriteAsync"/>.</summary>
    ValueTask<ReservationWrite> SwapAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken);
}
