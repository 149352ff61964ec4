namespace Gateway.Control.ConfigFile;

/// <summary>The <c>admin</c> member of the configuration file.</summary>
internal sealed record AdminConfig
{
    /// <summary>The administrator's key, in plain text or as <c>${NAME}</c>.</summary>
    public string? Key { get; set; }

    /// <summary>The proxy that is trusted to name the operator.</summary>
    public ProxyConfig? Proxy { get; set; }

    /// <summary>
    /// The address at which browsers reach the operators' pages and API, including the path that a proxy in front of it
    /// strips.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>The domain that passkeys belong to.</summary>
    public string? PasskeyDomain { get; set; }

    /// <summary>The OpenID Connect providers that operators sign in with, by name.</summary>
    public Dictionary<string, ProviderConfig> Providers { get; set; } = [];
}
