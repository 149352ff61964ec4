namespace Gateway.Limits.Model;

/// <summary>
/// A store of reservations. Correctness depends on <see cref="WriteAsync"/> being a durable, linearizable
/// compare-and-swap. A store in which the last write wins, or that may go back in time, must not implement this. Calls
/// on different keys may overlap. Only cancellation throws. The store decides when to delete a finished window's
/// record, after it has durably raised its lower bound to the end of that window, so that the window never restarts.
/// </summary>
public interface IReservationStore
{
    /// <summary>
    /// True if one process owns the store by construction (a journal with its lock). Blocks are then reserved ahead.
    /// Where several owners share the store, each reserves exactly what its waiting calls need.
    /// </summary>
    bool HasSoleOwner { get; }

    /// <summary>Reads the record of one counter. Never stale.</summary>
    ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the record if it still carries <paramref name="expectedNonce"/>. 0 means that there must be no record;
    /// then, in the same atomic step, the end of the window must lie above the store's lower bound. A conflict includes
    /// the record that was found, where it can be read.
    /// </summary>
    ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken);
}

/// <summary>The outcome of a read from a store.</summary>
public enum ReadOutcome
{
    /// <summary>The store did not respond.</summary>
    Unavailable,

    /// <summary>There is no record.</summary>
    Absent,

    /// <summary>There is a record.</summary>
    Found,
}

/// <summary>A store's reply to a read.</summary>
/// <param name="Outcome">The outcome of the read.</param>
/// <param name="Record">The record, if there is one.</param>
public readonly record struct ReservationRead(ReadOutcome Outcome, Reservation Record)
{
    /// <summary>
    /// If there is no record: windows that count something from before this time are closed, because their counts may
    /// be lost, Unix milliseconds UTC; 0 if there is none, or the store reports it only with writes.
    /// </summary>
    public long ClosedBeforeMs { get; init; }

    /// <summary>The reply that there is no record for this counter.</summary>
    public static ReservationRead Absent { get; } = new(ReadOutcome.Absent, default);

    /// <summary>The reply that stands for a store that did not respond.</summary>
    public static ReservationRead Unavailable { get; } = new(ReadOutcome.Unavailable, default);

    /// <summary>Returns a reply with this record.</summary>
    public static ReservationRead Found(Reservation record) => new(ReadOutcome.Found, record);
}
