using Gateway.Fleet.Tests.Histories;

namespace Gateway.Faults.Histories;

/// <summary>A call that no rule decided: denied as unavailable, failed, unanswered.</summary>
internal readonly record struct BadCall(string Member, long FromMs, long ToMs, CallOutcome Outcome);
