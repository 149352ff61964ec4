using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The one thing that a counter may want of the store at a time.</summary>
/// <param name="Token">
/// Names the request; the reply brings it back, and a reply with any other token is dropped.
/// </param>
/// <param name="Write">What to write; null to read.</param>
/// <param name="ExpectedNonce">The nonce that the record must still carry; 0 if there must be none.</param>
public readonly record struct StoreRequest(uint Token, Reservation? Write, UInt128 ExpectedNonce);
