namespace Gateway.Faults.Checking;

/// <summary>A part of one call, on one counter's window.</summary>
/// <param name="Decision">The call.</param>
/// <param name="Charge">The numbers and cost that it took here.</param>
/// <param name="Reached">The call as it reached the server; null if it did not.</param>
/// <param name="Outcome">The recorded outcome of its cost; null if there is none.</param>
/// <param name="IsGivenBack">True if the numbers were rightfully given back, so that others may have them.</param>
internal sealed record Use(Decision Decision, Charge Charge, ServerCall? Reached, string? Outcome, bool IsGivenBack)
{
    public override string ToString() => $"call {Decision.CallId} at {Decision.Member}";
}
