namespace Gateway.Limits.Model;

/// <summary>
/// The single record of a counter: how much of which window is reserved in blocks. It holds no policy.
/// </summary>
/// <param name="WindowStartMs">
/// Start of the window, Unix milliseconds UTC; for a sliding limit, the owner's clock at the write. Never decreases.
/// </param>
/// <param name="Reserved">
/// Numbers below this (10^-9 units) belong to some owner. Within a window it only grows, except when numbers are
/// returned. For a sliding limit, the sum of its entries.
/// </param>
/// <param name="Nonce">128 random bits of the write that made the record; compare-and-swap compares them.</param>
public readonly record struct Reservation(long WindowStartMs, Int128 Reserved, UInt128 Nonce)
{
    /// <summary>
    /// The recent admissions of a sliding limit; for a window of a zone, one entry whose deadline is its end. Null for
    /// all others.
    /// </summary>
    public SlidingEntries? Entries { get; init; }
}
