namespace Gateway.Fuzz.Targets;

/// <summary>A property that does not hold for an input.</summary>
internal sealed class PropertyException(string property) : Exception(property);
