namespace Gateway.Limits.Tests.Checking;

/// <summary>How far a call with two limits has come.</summary>
internal enum PairPhase
{
    New,
    AskedFirst,
    HoldsFirst,
    AskedSecond,
    HoldsBoth,
    Over,
}
