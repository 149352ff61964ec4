using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// One thing for the journal's thread: a compare-and-swap, or a raised floor. Its continuation runs on that
/// thread and must be short.
/// </summary>
/// <param name="key">The counter; null to raise the floor only.</param>
/// <param name="expectedNonce">What the record must still carry; 0 if there must be none.</param>
/// <param name="next">What to write.</param>
/// <param name="floorMs">What the floor is raised to.</param>
internal sealed class JournalTask(
    CounterKey? key, UInt128 expectedNonce, Reservation next, long floorMs = long.MinValue)
    : TaskCompletionSource<ReservationWrite>
{
    /// <summary>The counter.</summary>
    public CounterKey? Key => key;

    /// <summary>What the record must still carry.</summary>
    public UInt128 ExpectedNonce => expectedNonce;

    /// <summary>What to write.</summary>
    public Reservation Next => next;

    /// <summary>What the floor is raised to.</summary>
    public long FloorMs => floorMs;

    /// <summary>What the journal will say once the batch is as durable as it must be.</summary>
    public ReservationWrite Outcome { get; set; } = ReservationWrite.Unknown;

    /// <summary>True if the answer waits for a sync whatever the mode.</summary>
    public bool IsLong => key is null || JournalState.IsLong(key);
}
