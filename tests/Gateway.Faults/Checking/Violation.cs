namespace Gateway.Faults.Checking;

/// <summary>A property that did not hold.</summary>
/// <param name="Property">The property.</param>
/// <param name="AtMs">The time, which determines the phase.</param>
/// <param name="What">The observation.</param>
internal sealed record Violation(Property Property, long AtMs, string What);
