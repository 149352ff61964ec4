namespace Gateway.Faults.Planting;

/// <summary>A lie put into a history that was found right.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Caught">The property that must not hold any more.</param>
/// <param name="Make">Makes it; null where this history has nothing to do it with.</param>
internal sealed record Corruption(string Name, Property Caught, Func<Analysis, History?> Make);
