using System.Text.Json;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Tasks;

/// <summary>A task that a server created instead of responding with a result.</summary>
/// <param name="Id">The server's own id.</param>
/// <param name="TtlMs">The time after which the server may discard it; null if unlimited.</param>
/// <param name="PollMs">The interval for requesting its state; null if the server states none.</param>
internal sealed record CreatedTask(string Id, long? TtlMs, long? PollMs)
{
    /// <summary>Returns the position of the id in a response that creates a task; null for any other message.</summary>
    public static Range? Place(ReadOnlySpan<byte> message) =>
        RawJson.Find(message, "result", "resultType") is { } type && message[type].SequenceEqual("\"task\""u8)
            ? RawJson.Find(message, "result", "taskId")
            : RawJson.Find(message, "result", "task", "taskId");

    /// <summary>The state with which it was created.</summary>
    public TaskEnd End { get; private init; }

    /// <summary>Reads a response; null if it creates no task.</summary>
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
            return task.GetProperty("taskId").GetString() is { Length: > 0 } id
                ? new CreatedTask(
                    id, Number(task, "ttlMs") ?? Number(task, "ttl"),
                    Number(task, "pollIntervalMs") ?? Number(task, "pollInterval"))
                {
                    End = EndOf(task),
                }
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns the end of a state: it has failed with the status of that name, or with a result that is a tool's error.
    /// </summary>
    public static TaskEnd EndOf(JsonElement task) =>
        task.ValueKind != JsonValueKind.Object || !task.TryGetProperty("status", out var status)
        || status.ValueKind != JsonValueKind.String ? TaskEnd.None : status.GetString() switch
        {
            "failed" => TaskEnd.Failed,
            "completed" when task.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("isError", out var error) && error.ValueKind == JsonValueKind.True
                => TaskEnd.Failed,
            "completed" or "cancelled" => TaskEnd.Ended,
            _ => TaskEnd.None,
        };

    private static long? Number(JsonElement task, string member) =>
        task.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number) ? number : null;
}

/// <summary>The end of a server's task.</summary>
internal enum TaskEnd
{
    /// <summary>It has not ended, as far as known.</summary>
    None,

    /// <summary>It has ended, or does not exist any more.</summary>
    Ended,

    /// <summary>It has ended with an error.</summary>
    Failed,
}
