namespace Gateway.Audit.Replaying;

/// <summary>Refusals without a record of their own.</summary>
/// <param name="TimeMs">Time of the count, in Unix milliseconds.</param>
/// <param name="Grant">The grant whose calls they were.</param>
/// <param name="Server">The server.</param>
/// <param name="Decisions">Number of refusals.</param>
internal sealed record RecordedFlood(long TimeMs, string Grant, string Server, long Decisions);
