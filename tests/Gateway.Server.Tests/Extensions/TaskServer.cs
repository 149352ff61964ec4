using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>
/// The tasks of a server, whose states a test sets: those of revision 2026-07-28, and for other requests those of
/// 2025-11-25.
/// </summary>
internal sealed class TaskServer(string name)
{
    private string State =>
        """ "createdAt":"2026-11-25T10:30:00Z","lastUpdatedAt":"2026-11-25T10:30:00Z",""" + Ttl
            + "\"pollIntervalMs\":10 ";

    /// <summary>The member with the TTL of each task, with a comma after it; named as in 2026-07-28.</summary>
    public string Ttl { get; set; } = "\"ttlMs\":60000,";

    private int _count;

    /// <summary>The members of each task's state, by the server's own id.</summary>
    public ConcurrentDictionary<string, string> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>The members of the state with which tasks are created.</summary>
    public string First { get; set; } = """ "status":"working","statusMessage":"at work" """;

    /// <summary>The messages that a subscription receives after its acknowledgment.</summary>
    public IReadOnlyList<string> Notifications { get; set; } = [];

    /// <summary>Answers a message about tasks; false for any other.</summary>
    public async Task<bool> AnswerAsync(HttpContext http, JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id) || !message.TryGetProperty("method", out var method))
            return false;
        var parameters = message.GetProperty("params");
        var isLegacy = !parameters.GetRawText().Contains(
            "io.modelcontextprotocol/protocolVersion", StringComparison.Ordinal);
        var more = isLegacy ? State.Replace("Ms\":", "\":", StringComparison.Ordinal) : State;
        var task = parameters.TryGetProperty("taskId", out var named) ? named.GetString()! : "";
        switch (method.GetString())
        {
            case "tools/call":
                task = $"{name}-task-{Interlocked.Increment(ref _count)}";
                Tasks[task] = First;
                var created = $$""" "taskId":"{{task}}",{{Tasks[task]}},{{more}} """;
                await ScriptedServer.ResultAsync(
                    http, id, isLegacy ? $$$"""{"task":{{{{created}}}}}""" : $$"""{"resultType":"task",{{created}}}""");
                return true;
            case "tasks/get" when Tasks.TryGetValue(task, out var state):
                var complete = isLegacy ? "" : "\"resultType\":\"complete\",";
                await ScriptedServer.ResultAsync(http, id, $$"""{ {{complete}}"taskId":"{{task}}",{{state}},{{more}}}""");
                return true;
            case "tasks/update" or "tasks/cancel" when Tasks.ContainsKey(task):
                Tasks[task] = $$""" "status":"{{(method.ValueEquals("tasks/cancel") ? "cancelled" : "working")}}" """;
                await ScriptedServer.ResultAsync(http, id, """{"resultType":"complete"}""");
                return true;
            case "subscriptions/listen":
                await ListenAsync(http, parameters.GetProperty("notifications"));
                return true;
            case "tasks/get" or "tasks/update" or "tasks/cancel":
                await RecordingServer.JsonAsync(
                    http, $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32602,"message":"no such task"}}""");
                return true;
            default:
                return false;
        }
    }

    private async Task ListenAsync(HttpContext http, JsonElement notifications)
    {
        http.Response.ContentType = "text/event-stream";
        string[] messages =
        [
            """{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged",""" + "\"params\":{\"notifications\":" + notifications.GetRawText() + "}}",
            .. Notifications,
        ];
        foreach (var one in messages)
            await http.Response.WriteAsync($"data: {one.Trim()}\n\n");
        await http.Response.Body.FlushAsync();
        await RecordingServer.UntilGoneAsync(http);
    }
}
