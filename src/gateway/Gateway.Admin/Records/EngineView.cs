namespace Gateway.Admin.Records;

/// <summary>What counts for the limits, and how it stands.</summary>
/// <param name="Kind">Where the counts are kept.</param>
/// <param name="Fault">Why it cannot decide; null while it can.</param>
/// <param name="ClockTrusted">False while this machine's clock cannot be believed.</param>
/// <param name="ClockAheadMs">By how much it is ahead of the store's; 0 where there is nothing to compare with.</param>
internal sealed record EngineView(string Kind, string? Fault, bool ClockTrusted, double ClockAheadMs);
