namespace Gateway.Audit.Verifying;

/// <summary>The result for a checkpoint from elsewhere.</summary>
/// <param name="Source">Origin of the checkpoint.</param>
/// <param name="Chain">Id of its chain.</param>
/// <param name="Size">Number of records that it covers.</param>
/// <param name="State"><c>proved</c>, <c>unproved</c> or <c>broken</c>.</param>
/// <param name="Says">The reason, in words.</param>
public sealed record OutsideResult(string Source, string Chain, long Size, string State, string Says);
