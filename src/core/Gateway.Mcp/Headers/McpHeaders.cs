namespace Gateway.Mcp.Headers;

/// <summary>The headers of MCP over Streamable HTTP, and the gateway's own.</summary>
public static class McpHeaders
{
    /// <summary>The protocol revision of a request.</summary>
    public const string ProtocolVersion = "MCP-Protocol-Version";

    /// <summary>Mirrors the method (from 2026-07-28).</summary>
    public const string Method = "Mcp-Method";

    /// <summary>Mirrors <c>params.name</c>, <c>params.uri</c> or <c>params.taskId</c> (from 2026-07-28).</summary>
    public const string Name = "Mcp-Name";

    /// <summary>The prefix of headers that mirror a tool's arguments; they are forwarded without evaluation.</summary>
    public const string ParamPrefix = "Mcp-Param-";

    /// <summary>The session (up to 2025-11-25).</summary>
    public const string SessionId = "Mcp-Session-Id";

    /// <summary>The event from which a stream resumes (up to 2025-11-25).</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>The gateway's id of the call; one that a client sends is dropped.</summary>
    public const string Call = "Policy-Gateway-Call";
}
