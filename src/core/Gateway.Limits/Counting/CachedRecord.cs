using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The record as an owner last saw it, and the age of that read.</summary>
/// <param name="IsValid">False before the first read and after any event that may have made the last one stale.</param>
/// <param name="Record">The record that was read; all zero if there was none.</param>
/// <param name="Arrivals">
/// Number of calls that had arrived when the read began. The read is stale for a call that arrived later.
/// </param>
internal readonly record struct CachedRecord(bool IsValid, Reservation Record, uint Arrivals)
{
    /// <summary>True if a record was found.</summary>
    public bool IsPresent => Record.Nonce != 0;

    /// <summary>Returns how many numbers of this window belong to some owner.</summary>
    public Int128 ReservedIn(long window) => IsPresent && Record.WindowStartMs == window ? Record.Reserved : 0;
}
