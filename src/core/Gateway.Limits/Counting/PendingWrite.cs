using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A write in progress. Its numbers count only once the store has confirmed it or holds its nonce.</summary>
/// <param name="Token">Identifies the request whose reply decides the write.</param>
/// <param name="Record">The record to write.</param>
/// <param name="Reserved">The numbers that it reserves; empty for a return.</param>
/// <param name="Returned">
/// The numbers that it returns to the store. The owner takes them back if the write was certainly not applied.
/// </param>
/// <param name="Arrivals">Number of calls that had arrived when it was sent.</param>
public sealed record PendingWrite(uint Token, Reservation Record, NumberRange Reserved, NumberRange Returned,
    uint Arrivals);
