namespace Gateway.Admin.Records;

/// <summary>The engine that counts for the limits, and its state.</summary>
/// <param name="Kind">The store of the counts.</param>
/// <param name="Fault">The reason why it cannot decide; null while it can.</param>
/// <param name="ClockTrusted">False while this machine's clock is not trusted.</param>
/// <param name="ClockAheadMs">The lead of its clock over the store's; 0 if there is nothing to compare with.</param>
internal sealed record EngineView(string Kind, string? Fault, bool ClockTrusted, double ClockAheadMs);
