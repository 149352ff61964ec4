namespace Gateway.Faults.Checking;

/// <summary>A property that did not hold.</summary>
/// <param name="Property">Which.</param>
/// <param name="AtMs">When, so that the phase is known.</param>
/// <param name="What">What was seen.</param>
internal sealed record Violation(Property Property, long AtMs, string What);
