using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>A verified part of the log.</summary>
/// <param name="State"><c>proved</c>, <c>unproved</c> or <c>broken</c>.</param>
/// <param name="From">Place where the part begins.</param>
/// <param name="To">Place where the part ends, as it should be.</param>
/// <param name="Records">Number of records; null if they are not available.</param>
/// <param name="Says">The reason, in words.</param>
public sealed record VerifiedPart(string State, LogPlace From, LogPlace To, long? Records, string Says);
