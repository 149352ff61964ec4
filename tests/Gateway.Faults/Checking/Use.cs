namespace Gateway.Faults.Checking;

/// <summary>A part of one call, on one counter's window.</summary>
/// <param name="Decision">The call.</param>
/// <param name="Charge">What it took here.</param>
/// <param name="Reached">The call as it reached the server; null if it did not.</param>
/// <param name="Outcome">What is on record of its cost; null if nothing is.</param>
/// <param name="IsGivenBack">The numbers went back, and rightly: others may hold them.</param>
internal sealed record Use(Decision Decision, Charge Charge, ServerCall? Reached, string? Outcome, bool IsGivenBack)
{
    public override string ToString() => $"call {Decision.CallId} at {Decision.Member}";
}
