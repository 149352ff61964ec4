namespace Gateway.Limits.Tests.Checking;

/// <summary>How far a call with two limits has come.</summary>
internal enum PairPhase
{
    New,
    MayAsk,
    Asked,
    Holds,
    Over,
}
