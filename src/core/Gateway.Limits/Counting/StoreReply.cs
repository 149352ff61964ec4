using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>What the store said to a <see cref="StoreRequest"/>.</summary>
/// <param name="Token">Names the request.</param>
/// <param name="Read">What it said to a read.</param>
/// <param name="Write">What it said to a write; null to a read.</param>
public readonly record struct StoreReply(uint Token, ReservationRead Read, ReservationWrite? Write = null)
{
    /// <summary>No answer came.</summary>
    public static StoreReply Lost(in StoreRequest request) => new(
        request.Token, ReservationRead.Unavailable, request.Write is null ? null : ReservationWrite.Unknown);
}
