namespace Gateway.Control.ConfigFile;

/// <summary>The <c>admin.proxy</c> member of the configuration file.</summary>
internal sealed record ProxyConfig
{
    /// <summary>The addresses and networks from which the proxy connects.</summary>
    public List<string> Addresses { get; set; } = [];

    /// <summary>The header in which the proxy names the operator.</summary>
    public string? Header { get; set; }

    /// <summary>The secret that authenticates the proxy, in plain text or as <c>${NAME}</c>.</summary>
    public string? Secret { get; set; }
}
