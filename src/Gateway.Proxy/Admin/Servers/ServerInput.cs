namespace Gateway.Proxy.Admin.Servers;

/// <summary>A server as the operator sets it.</summary>
internal sealed record ServerInput
{
    /// <summary>Its MCP endpoint, <c>http</c> or <c>https</c>.</summary>
    public required string Url { get; init; }

    /// <summary>
    /// Headers sent with every request; they are encrypted and never shown again. Absent keeps those that are set.
    /// </summary>
    public Dictionary<string, string>? Headers { get; init; }
}
