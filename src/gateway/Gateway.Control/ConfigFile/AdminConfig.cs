namespace Gateway.Control.ConfigFile;

/// <summary>The <c>admin</c> member of the configuration file.</summary>
internal sealed record AdminConfig
{
    /// <summary>The key that the admin API asks for, plainly or as <c>${NAME}</c>.</summary>
    public string? Key { get; set; }

    /// <summary>The proxy that may say who an operator is.</summary>
    public ProxyConfig? Proxy { get; set; }

    /// <summary>Where browsers reach the operators' pages and API, with the path that a proxy before it takes away.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>The domain that passkeys belong to.</summary>
    public string? PasskeyDomain { get; set; }

    /// <summary>The OpenID Connect providers that operators sign in with, by name.</summary>
    public Dictionary<string, ProviderConfig> Providers { get; set; } = [];
}
