namespace Gateway.Proxy.Configuration;

/// <summary>One registered MCP server as written.</summary>
public sealed record ServerConfig
{
    /// <summary>The server's MCP endpoint, <c>http</c> or <c>https</c>.</summary>
    public string? Url { get; set; }

    /// <summary>Headers sent with every request to the server: its credential, as a rule.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];
}
