namespace Gateway.Mcp;

/// <summary>The kind of a JSON-RPC message, determined by its members alone.</summary>
public enum McpMessageKind
{
    /// <summary>A method with an id: a response is due.</summary>
    Request,

    /// <summary>A method without an id: it never gets a response.</summary>
    Notification,

    /// <summary>A result or an error: the client's response to a request from the server.</summary>
    Response,
}
