using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The record as an owner last saw it, and how old that look is.</summary>
/// <param name="IsValid">False before the first look and after anything that makes the last one doubtful.</param>
/// <param name="Record">What was there; all zero if there was no record.</param>
/// <param name="Arrivals">Calls that had arrived when the look began; it tells a later call nothing.</param>
internal readonly record struct CachedRecord(bool IsValid, Reservation Record, uint Arrivals)
{
    /// <summary>True if a record was there.</summary>
    public bool IsPresent => Record.Nonce != 0;

    /// <summary>Numbers of this window that belong to some owner.</summary>
    public Int128 ReservedIn(long window) => IsPresent && Record.WindowStartMs == window ? Record.Reserved : 0;
}
