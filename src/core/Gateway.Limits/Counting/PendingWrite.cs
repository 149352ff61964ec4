using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A write on its way: numbers that count only once the store has said so, or holds this very nonce.</summary>
/// <param name="Token">Names the request whose reply settles it.</param>
/// <param name="Record">What is written.</param>
/// <param name="Reserved">The numbers that it reserves; empty for a hand-back.</param>
/// <param name="Returned">The numbers of a hand-back, which return to the hand if it was certainly not applied.</param>
/// <param name="Arrivals">Calls that had arrived when it was sent.</param>
public sealed record PendingWrite(uint Token, Reservation Record, NumberRange Reserved, NumberRange Returned,
    uint Arrivals);
