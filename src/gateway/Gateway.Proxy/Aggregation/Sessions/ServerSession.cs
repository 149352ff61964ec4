namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>The session at one server of several.</summary>
/// <param name="Id">The server's own id; null if it issues none.</param>
/// <param name="Version">The revision that the server agreed to.</param>
internal sealed record ServerSession(string? Id, string? Version);
