namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The discovered token endpoint for one server.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="TokenEndpoint">The endpoint of the authorization server.</param>
/// <param name="IsBasic">True if the client's secret is sent in the header; otherwise in the form.</param>
/// <param name="Resource">The resource that the token is for (RFC 8707).</param>
/// <param name="Scope">The requested scope; null requests none.</param>
internal sealed record TokenService(string Issuer, Uri TokenEndpoint, bool IsBasic, string Resource, string? Scope);
