namespace Gateway.Audit.Replaying;

/// <summary>Refusals that have no record of their own.</summary>
/// <param name="TimeMs">When they were counted, Unix milliseconds.</param>
/// <param name="Grant">Whose calls they were.</param>
/// <param name="Server">The server.</param>
/// <param name="Decisions">How many.</param>
internal sealed record RecordedFlood(long TimeMs, string Grant, string Server, long Decisions);
