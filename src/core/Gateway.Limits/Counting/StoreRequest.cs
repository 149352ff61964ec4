using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The single request that a counter may have at the store at a time.</summary>
/// <param name="Token">
/// Identifies the request; the reply carries it too, and a reply with any other token is dropped.
/// </param>
/// <param name="Write">The record to write; null to read.</param>
/// <param name="ExpectedNonce">The nonce that the record must still carry; 0 if there must be none.</param>
public readonly record struct StoreRequest(uint Token, Reservation? Write, UInt128 ExpectedNonce);
