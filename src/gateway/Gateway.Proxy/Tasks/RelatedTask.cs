using Gateway.Mcp;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Tasks;

/// <summary>The task to which a message belongs, by its <c>_meta</c> (2025-11-25).</summary>
internal static class RelatedTask
{
    private const string Member = "io.modelcontextprotocol/related-task";

    /// <summary>Returns the position of the id; null if the message belongs to no task.</summary>
    public static Range? Find(ReadOnlySpan<byte> message, string owner) =>
        RawJson.Find(message, owner, "_meta", Member, "taskId") is { } place && message[place.Start] == (byte)'"'
            ? place : null;

    /// <summary>
    /// Returns a response or notification of a client with the server's own id; null if nothing changes.
    /// </summary>
    public static byte[]? ToServer(McpMessage message, Func<string, string?> open)
    {
        var body = message.Body.Span;
        if (message.Kind == McpMessageKind.Request || body.IndexOf("related-task"u8) < 0)
            return null;
        var place = Find(body, "result") ?? Find(body, "params");
        return place is { } found && open(RawJson.String(body[found])) is { } id
            ? RawJson.Replace(body, found, RawJson.Text(id))
            : null;
    }
}
