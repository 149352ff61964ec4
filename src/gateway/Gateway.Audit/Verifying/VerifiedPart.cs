using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>A part of the log.</summary>
/// <param name="State"><c>proved</c>, <c>unproved</c> or <c>broken</c>.</param>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends, as it should.</param>
/// <param name="Records">How many there are; null where they are not here.</param>
/// <param name="Says">Why so, in words.</param>
public sealed record VerifiedPart(string State, LogPlace From, LogPlace To, long? Records, string Says);
