namespace Gateway.Control.ConfigFile;

/// <summary>The <c>admin.proxy</c> member of the configuration file.</summary>
internal sealed record ProxyConfig
{
    /// <summary>Where the proxy connects from.</summary>
    public List<string> Addresses { get; set; } = [];

    /// <summary>The header in which it names the operator.</summary>
    public string? Header { get; set; }

    /// <summary>What it proves itself with, plainly or as <c>${NAME}</c>.</summary>
    public string? Secret { get; set; }
}
