using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The store's reply to a <see cref="StoreRequest"/>.</summary>
/// <param name="Token">Identifies the request.</param>
/// <param name="Read">The reply to a read.</param>
/// <param name="Write">The reply to a write; null for a read.</param>
public readonly record struct StoreReply(uint Token, ReservationRead Read, ReservationWrite? Write = null)
{
    /// <summary>Returns the reply that stands for a missing one.</summary>
    public static StoreReply Lost(in StoreRequest request) => new(
        request.Token, ReservationRead.Unavailable, request.Write is null ? null : ReservationWrite.Unknown);
}
