namespace Gateway.Limits.Model;

/// <summary>What became of a compare-and-swap, and what stood in its way.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Seen">
/// With a conflict, the record that the store found instead after the write was sent (nonce 0: none); null if it did
/// not look.
/// </param>
public readonly record struct ReservationWrite(WriteOutcome Outcome, Reservation? Seen)
{
    /// <summary>Nothing is known.</summary>
    public static ReservationWrite Unknown { get; } = new(WriteOutcome.Unknown, null);
}
