namespace Gateway.Proxy.Pinning;

/// <summary>One changed member of a definition.</summary>
/// <param name="Place">Its JSON Pointer.</param>
/// <param name="Was">The previous value as JSON; null if it was absent.</param>
/// <param name="Is">The current value as JSON; null if it is absent.</param>
public sealed record DefinitionChange(string Place, string? Was, string? Is);
