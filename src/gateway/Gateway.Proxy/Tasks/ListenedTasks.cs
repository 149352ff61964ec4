using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Tasks;

/// <summary>The ids of tasks in a <c>subscriptions/listen</c>.</summary>
internal static class ListenedTasks
{
    /// <summary>Returns the position of their list; null if there is none.</summary>
    public static Range? Place(ReadOnlySpan<byte> body) => RawJson.Find(body, "params", "notifications", "taskIds");

    /// <summary>Returns the ids of a message that was read strictly.</summary>
    public static IReadOnlyList<string> Of(McpMessage message)
    {
        if (!message.ListensToTasks)
            return [];
        using var ids = JsonDocument.Parse(message.Body[Place(message.Body.Span)!.Value]);
        return [.. ids.RootElement.EnumerateArray().Select(static one => one.GetString()!)];
    }
}
