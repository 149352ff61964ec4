namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>Where tokens for one server are to be had, as discovered.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="TokenEndpoint">Its endpoint.</param>
/// <param name="IsBasic">Whether the client's secret goes in the header; else in the form.</param>
/// <param name="Resource">What the token is for (RFC 8707).</param>
/// <param name="Scope">What is asked for; null: nothing is.</param>
internal sealed record TokenService(string Issuer, Uri TokenEndpoint, bool IsBasic, string Resource, string? Scope);
