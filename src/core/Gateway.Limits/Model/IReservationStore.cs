namespace Gateway.Limits.Model;

/// <summary>
/// Where reservations live. Everything rests on <see cref="WriteAsync"/> being a durable, linearisable
/// compare-and-swap; a store where the last writer wins, or that may go back in time, must not implement this. Calls on
/// different keys may overlap. Nothing but cancellation throws. When a finished window's record goes is the store's own
/// affair, after its floor was durably raised to the end of that window, so that it is never started again.
/// </summary>
public interface IReservationStore
{
    /// <summary>
    /// True where one process owns the store by construction (a journal with its lock): blocks are then taken ahead.
    /// Where several owners share it, each reserves exactly what its waiting calls need.
    /// </summary>
    bool HasSoleOwner { get; }

    /// <summary>Reads the record of one counter; never stale.</summary>
    ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the record if it still carries <paramref name="expectedNonce"/>; 0 stands for "there is none", and
    /// then, in the same atomic step, the end of the window must lie above the store's floor. A conflict brings the
    /// record that was met, where it can be read.
    /// </summary>
    ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken);
}
