namespace Gateway.Limits.Model;

/// <summary>
/// What became of a compare-and-swap, and what stood in its way. An owner that had to read after a conflict would come
/// too late again and again behind one that writes without a pause; what was met makes both level.
/// </summary>
/// <remarks>An object, so that nothing is made for an outcome that carries nothing.</remarks>
public sealed class ReservationWrite
{
    private ReservationWrite(WriteOutcome outcome, Reservation? met = null) => (Outcome, Met) = (outcome, met);

    /// <summary>It was applied, durably.</summary>
    public static ReservationWrite Ok { get; } = new(WriteOutcome.Ok);

    /// <summary>Nothing is known.</summary>
    public static ReservationWrite Unknown { get; } = new(WriteOutcome.Unknown);

    /// <summary>The window is over.</summary>
    public static ReservationWrite Finished { get; } = new(WriteOutcome.Finished);

    /// <summary>There is no room for one more record.</summary>
    public static ReservationWrite Full { get; } = new(WriteOutcome.Full);

    /// <summary>Another record was there, and the store did not look at it.</summary>
    public static ReservationWrite Conflict { get; } = new(WriteOutcome.Conflict);

    /// <summary>What became of it.</summary>
    public WriteOutcome Outcome { get; }

    /// <summary>
    /// With a conflict, the record that the store found instead after the write was sent (nonce 0: none); null if it
    /// did not look.
    /// </summary>
    public Reservation? Met { get; }

    /// <summary>This record was there instead, or none.</summary>
    public static ReservationWrite ConflictWith(in Reservation met) => new(WriteOutcome.Conflict, met);

    /// <summary>The outcome alone.</summary>
    public static implicit operator WriteOutcome(ReservationWrite write) => write.Outcome;
}
