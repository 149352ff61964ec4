namespace Gateway.Proxy.Pinning;

/// <summary>A definition in a list for an agent that the inventory does not have.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Definition">The full definition, as JSON.</param>
public sealed record SeenDefinition(string Server, string Tool, string Definition);
