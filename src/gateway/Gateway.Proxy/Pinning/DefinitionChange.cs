namespace Gateway.Proxy.Pinning;

/// <summary>One member of a definition that is another.</summary>
/// <param name="Place">Its JSON Pointer.</param>
/// <param name="Was">What it was, as JSON; null where it was not there.</param>
/// <param name="Is">What it is; null where it is not there any more.</param>
public sealed record DefinitionChange(string Place, string? Was, string? Is);
