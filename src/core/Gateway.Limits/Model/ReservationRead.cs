namespace Gateway.Limits.Model;

/// <summary>A store's reply to a read.</summary>
/// <param name="Outcome">The outcome of the read.</param>
/// <param name="Record">The record, if there is one.</param>
public readonly record struct ReservationRead(ReadOutcome Outcome, Reservation Record)
{
    /// <summary>The reply that there is no record for this counter.</summary>
    public static ReservationRead Absent { get; } = new(ReadOutcome.Absent, default);

    /// <summary>The reply that stands for a store that did not respond.</summary>
    public static ReservationRead Unavailable { get; } = new(ReadOutcome.Unavailable, default);

    /// <summary>Returns a reply with this record.</summary>
    public static ReservationRead Found(Reservation record) => new(ReadOutcome.Found, record);
}
