namespace Gateway.Audit.Verifying;

/// <summary>A checkpoint from elsewhere.</summary>
/// <param name="Source">Where from.</param>
/// <param name="Chain">Which chain it is about.</param>
/// <param name="Size">How many records it covers.</param>
/// <param name="State"><c>proved</c>, <c>unproved</c> or <c>broken</c>.</param>
/// <param name="Says">Why so, in words.</param>
public sealed record OutsideResult(string Source, string Chain, long Size, string State, string Says);
