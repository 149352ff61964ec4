using System.Text.Json;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Tasks;

/// <summary>A task that a server created instead of responding with a result.</summary>
/// <param name="Id">The server's own id.</param>
/// <param name="TtlMs">The time after which the server may discard it; null if unlimited.</param>
/// <param name="PollMs">The interval for requesting its state; null if the server states none.</param>
internal sealed record CreatedTask(string Id, long? TtlMs, long? PollMs)
{
    private static readonly string[] Ended = ["completed", "failed", "cancelled"];

    /// <summary>Returns the position of the id in a response that creates a task; null for any other message.</summary>
    public static Range? Place(ReadOnlySpan<byte> message) =>
        RawJson.Find(message, "result", "resultType") is { } type && message[type].SequenceEqual("\"task\""u8)
            ? RawJson.Find(message, "result", "taskId")
            : RawJson.Find(message, "result", "task", "taskId");

    /// <summary>Reads a response; null if it creates no task, or one that has ended.</summary>
    public static CreatedTask? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            if (message.Span.IndexOf("taskId"u8) < 0 || Place(message.Span) is null)
                return null;
            using var json = JsonDocument.Parse(message);
            var result = json.RootElement.GetProperty("result");
            var task = result.TryGetProperty("task", out var legacy) && legacy.ValueKind == JsonValueKind.Object
                ? legacy : result;
            return task.GetProperty("taskId").GetString() is { Length: > 0 } id && !HasEnded(task)
                ? new CreatedTask(
                    id, Number(task, "ttlMs") ?? Number(task, "ttl"),
                    Number(task, "pollIntervalMs") ?? Number(task, "pollInterval"))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Returns true for a state from which the task does not change.</summary>
    public static bool HasEnded(JsonElement task) => task.ValueKind == JsonValueKind.Object
        && task.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
        && Ended.Contains(status.GetString());

    private static long? Number(JsonElement task, string member) =>
        task.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number) ? number : null;
}
