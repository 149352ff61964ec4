namespace Gateway.Control.ConfigFile;

/// <summary>The <c>admin</c> member of the configuration file.</summary>
internal sealed record AdminConfig
{
    /// <summary>The key that the admin API asks for, plainly or as <c>${NAME}</c>.</summary>
    public string? Key { get; set; }

    /// <summary>The proxy that may say who an operator is.</summary>
    public ProxyConfig? Proxy { get; set; }
}
