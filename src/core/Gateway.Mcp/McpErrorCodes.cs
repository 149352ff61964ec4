namespace Gateway.Mcp;

/// <summary>JSON-RPC error codes of the gateway's own responses.</summary>
public static class McpErrorCodes
{
    /// <summary>The user must open a link before the request is repeated (2025-11-25, Elicitation).</summary>
    public const int UrlElicitationRequired = -32042;

    /// <summary>The body is not one well-formed JSON text (JSON-RPC 2.0).</summary>
    public const int ParseError = -32700;

    /// <summary>The JSON is not one request, notification or response (JSON-RPC 2.0).</summary>
    public const int InvalidRequest = -32600;

    /// <summary>The method is not served (JSON-RPC 2.0).</summary>
    public const int MethodNotFound = -32601;

    /// <summary>The members of <c>params</c> are invalid for the method (JSON-RPC 2.0).</summary>
    public const int InvalidParams = -32602;

    /// <summary>The server could not be reached or sent no usable response (JSON-RPC 2.0).</summary>
    public const int InternalError = -32603;

    /// <summary>A header contradicts the body (MCP 2026-07-28, HeaderMismatch).</summary>
    public const int HeaderMismatch = -32020;

    /// <summary>
    /// The client did not declare a capability that the request requires (MCP 2026-07-28,
    /// MissingRequiredClientCapability).
    /// </summary>
    public const int MissingClientCapability = -32021;

    /// <summary>The protocol version is not supported (MCP 2026-07-28, UnsupportedProtocolVersion).</summary>
    public const int UnsupportedProtocolVersion = -32022;

    /// <summary>The policy denies this message.</summary>
    public const int Denied = -31001;

    /// <summary>A limit of the policy has no room for this message.</summary>
    public const int RateLimited = -31002;

    /// <summary>A person has to approve this message first.</summary>
    public const int ApprovalRequired = -31003;

    /// <summary>The gateway cannot decide now because of a failure of its own; no rule was broken.</summary>
    public const int Unavailable = -31004;
}
