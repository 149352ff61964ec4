namespace Gateway.Limits.Model;

/// <summary>
/// The one record of a counter: how much of which window is handed out in blocks. It holds no policy.
/// </summary>
/// <param name="WindowStartMs">
/// Start of the window, Unix milliseconds UTC; of a sliding limit, the owner's clock at the write. Never decreases.
/// </param>
/// <param name="Reserved">
/// Numbers below this (10^-9 units) belong to some owner; within a window it only grows, but for a hand-back. Of a
/// sliding limit, the sum of its entries.
/// </param>
/// <param name="Nonce">128 random bits of the write that made it; compare-and-swap is on this.</param>
public readonly record struct Reservation(long WindowStartMs, Int128 Reserved, UInt128 Nonce)
{
    /// <summary>
    /// What a sliding limit has admitted lately; of a window of a zone, one entry, whose deadline is its end. Null for
    /// all others.
    /// </summary>
    public SlidingEntries? Entries { get; init; }
}
