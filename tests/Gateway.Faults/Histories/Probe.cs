namespace Gateway.Faults.Histories;

/// <summary>One call of the agent that calls all the time at one gateway, on a counter that has always room.</summary>
internal readonly record struct Probe(string Member, long FromMs, long ToMs, CallOutcome Outcome);
