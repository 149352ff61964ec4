namespace Gateway.Limits.Model;

/// <summary>
/// The outcome of a compare-and-swap, with the record that prevented it. An owner that had to read after each conflict
/// would repeatedly lose to an owner that writes without a pause; with the record in the reply both have the same
/// chance.
/// </summary>
/// <remarks>A class, so that nothing is allocated for an outcome that carries nothing.</remarks>
public sealed class ReservationWrite
{
    private ReservationWrite(WriteOutcome outcome, Reservation? met = null, long closedBeforeMs = 0) =>
        (Outcome, Met, ClosedBeforeMs) = (outcome, met, closedBeforeMs);

    /// <summary>The write was applied, durably.</summary>
    public static ReservationWrite Ok { get; } = new(WriteOutcome.Ok);

    /// <summary>The outcome is unknown.</summary>
    public static ReservationWrite Unknown { get; } = new(WriteOutcome.Unknown);

    /// <summary>The window has ended.</summary>
    public static ReservationWrite Finished { get; } = new(WriteOutcome.Finished);

    /// <summary>There is no room for one more record.</summary>
    public static ReservationWrite Full { get; } = new(WriteOutcome.Full);

    /// <summary>Another record was found, and the store did not read it.</summary>
    public static ReservationWrite Conflict { get; } = new(WriteOutcome.Conflict);

    /// <summary>The outcome.</summary>
    public WriteOutcome Outcome { get; }

    /// <summary>
    /// With a conflict, the record that the store found after the write was sent (nonce 0: none); null if it did not
    /// look.
    /// </summary>
    public Reservation? Met { get; }

    /// <summary>With a finished window, the time as in <see cref="ReservationRead.ClosedBeforeMs"/>.</summary>
    public long ClosedBeforeMs { get; }

    /// <summary>Returns the outcome that the window has ended, or began before this time and is closed.</summary>
    public static ReservationWrite FinishedBefore(long closedBeforeMs) =>
        new(WriteOutcome.Finished, closedBeforeMs: closedBeforeMs);

    /// <summary>Returns a conflict with the record that was found, or with none.</summary>
    public static ReservationWrite ConflictWith(in Reservation met) => new(WriteOutcome.Conflict, met);

    /// <summary>Converts to the outcome alone.</summary>
    public static implicit operator WriteOutcome(ReservationWrite write) => write.Outcome;
}
