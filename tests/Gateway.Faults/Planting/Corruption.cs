namespace Gateway.Faults.Planting;

/// <summary>A falsification of a history that passed the checks.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Caught">The property that must no longer hold.</param>
/// <param name="Make">Creates it; returns null if this history offers no place for it.</param>
internal sealed record Corruption(string Name, Property Caught, Func<Analysis, History?> Make);
