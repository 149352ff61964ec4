using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// A task of the journal's thread: a compare-and-swap, or raising the floor. Its continuation runs on that thread and
/// must be short.
/// </summary>
/// <param name="key">The counter; null to raise the floor only.</param>
/// <param name="expectedNonce">The nonce that the record must still have; 0 if there must be no record.</param>
/// <param name="next">The record to write.</param>
/// <param name="floorMs">The new floor.</param>
internal sealed class JournalTask(
    CounterKey? key, UInt128 expectedNonce, Reservation next, long floorMs = long.MinValue)
    : TaskCompletionSource<ReservationWrite>
{
    public CounterKey? Key => key;

    /// <summary>The nonce that the record must still have; 0 if there must be no record.</summary>
    public UInt128 ExpectedNonce => expectedNonce;

    public Reservation Next => next;

    public long FloorMs => floorMs;

    /// <summary>The result that the task reports once the batch is as durable as it must be.</summary>
    public ReservationWrite Outcome { get; set; } = ReservationWrite.Unknown;

    /// <summary>True if the result waits for a sync whatever the durability.</summary>
    public bool IsLong => key is null || JournalState.IsLong(key);
}
