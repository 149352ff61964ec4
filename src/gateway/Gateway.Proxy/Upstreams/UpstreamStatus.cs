namespace Gateway.Proxy.Upstreams;

/// <summary>What became of an upstream so far, for operators; a transport adds what it has to tell.</summary>
/// <param name="CredentialError">Why there is no access token; null where there is one, or none was needed.</param>
public record UpstreamStatus(string? CredentialError = null);
