namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A document with the version that its next change replaces.</summary>
internal sealed record Stored<T>(string Name, T Value, long Version);
