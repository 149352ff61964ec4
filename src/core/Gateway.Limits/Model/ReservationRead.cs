namespace Gateway.Limits.Model;

/// <summary>What a store says when read.</summary>
/// <param name="Outcome">Whether it could say anything.</param>
/// <param name="Record">The record, if there is one.</param>
public readonly record struct ReservationRead(ReadOutcome Outcome, Reservation Record)
{
    /// <summary>There is no record for this counter.</summary>
    public static ReservationRead Absent { get; } = new(ReadOutcome.Absent, default);

    /// <summary>The store did not answer.</summary>
    public static ReservationRead Unavailable { get; } = new(ReadOutcome.Unavailable, default);

    /// <summary>The record.</summary>
    public static ReservationRead Found(Reservation record) => new(ReadOutcome.Found, record);
}
