namespace Gateway.Faults.Histories;

/// <summary>
/// One call of the probe, which calls continuously at one gateway, on a counter that always has room.
/// </summary>
internal readonly record struct Probe(string Member, long FromMs, long ToMs, CallOutcome Outcome);
