namespace Gateway.Proxy.Scanning;

/// <summary>A tool of another registered server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Description">The hash of its description; null where that is too short to tell anything.</param>
/// <param name="IsReplica">Whether the server offers at least half of what the one that is looked at offers.</param>
public sealed record NeighbourTool(string Server, string Tool, string? Description, bool IsReplica);
