namespace Gateway.Admin.Live;

/// <summary>Decisions as an event of the stream.</summary>
/// <param name="Place">The place in the log behind them.</param>
/// <param name="Event">The event as it is sent.</param>
internal sealed record DecisionBatch(string Place, byte[] Event);
