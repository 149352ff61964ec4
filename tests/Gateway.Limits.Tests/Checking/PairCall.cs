namespace Gateway.Limits.Tests.Checking;

/// <summary>How far a call with two limits has come, and its numbers.</summary>
internal readonly record struct PairCall(PairPhase Phase, CounterPermit? First = null, CounterPermit? Second = null);
