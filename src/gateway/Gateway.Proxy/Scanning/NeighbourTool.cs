namespace Gateway.Proxy.Scanning;

/// <summary>A tool of another registered server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Description">The hash of its description; null if that is too short to identify anything.</param>
/// <param name="IsReplica">True if the server offers at least half of the tools of the scanned one.</param>
public sealed record NeighbourTool(string Server, string Tool, string? Description, bool IsReplica);
