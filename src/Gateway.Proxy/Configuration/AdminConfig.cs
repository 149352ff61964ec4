namespace Gateway.Proxy.Configuration;

/// <summary>The <c>admin</c> member of the configuration file.</summary>
public sealed record AdminConfig
{
    /// <summary>The key that the admin API asks for, plainly or as <c>${NAME}</c>.</summary>
    public string? Key { get; set; }
}
