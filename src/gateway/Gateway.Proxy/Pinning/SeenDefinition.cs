namespace Gateway.Proxy.Pinning;

/// <summary>A definition that a list for an agent had and the inventory has not.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Definition">All that the server said of it, as JSON.</param>
public sealed record SeenDefinition(string Server, string Tool, string Definition);
