namespace Gateway.Proxy.Upstreams;

/// <summary>The state of an upstream, for operators; a transport adds its own properties.</summary>
/// <param name="CredentialError">
/// The reason why there is no access token; null if there is one or none was needed.
/// </param>
public record UpstreamStatus(string? CredentialError = null);
