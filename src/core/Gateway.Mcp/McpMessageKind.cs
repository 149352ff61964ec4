namespace Gateway.Mcp;

/// <summary>What a JSON-RPC message is, told by its members alone.</summary>
public enum McpMessageKind
{
    /// <summary>A method with an id: an answer is due.</summary>
    Request,

    /// <summary>A method without an id: no answer is ever given to it.</summary>
    Notification,

    /// <summary>A result or an error: the client's answer to a request of the server's.</summary>
    Response,
}
