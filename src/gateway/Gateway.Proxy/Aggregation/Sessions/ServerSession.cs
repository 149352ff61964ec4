namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>The session at one server of several.</summary>
/// <param name="Id">The server's own id; null where it gives none.</param>
/// <param name="Version">The revision that it agreed to.</param>
internal sealed record ServerSession(string? Id, string? Version);
