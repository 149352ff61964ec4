using Microsoft.AspNetCore.Http;

namespace Gateway.Fleet.Tests;

/// <summary>
/// A server of revision 2026-07-28 whose tools <c>job</c>, <c>place</c> and <c>paid</c> create tasks, in states that a
/// test sets. Other tools respond at once.
/// </summary>
internal sealed class JobServer
{
    private int _count;

    /// <summary>The members of each task's state, by the server's own id: <c>job-1</c> and so on.</summary>
    public ConcurrentDictionary<string, string> States { get; } = new(StringComparer.Ordinal);

    public static string Completed(string text) => $$"""
        "status":"completed","result":{"resultType":"complete","content":[{"type":"text","text":"{{text}}"}]}
        """;

    /// <summary>The number of calls of a tool that a server received.</summary>
    public static int Calls(RecordingServer server, string tool) => server.Requests.Count(
        one => one.Text.Contains("tools/call", StringComparison.Ordinal)
            && one.Text.Contains($"\"{tool}\"", StringComparison.Ordinal));

    public async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        var message = JsonNode.Parse(request.Text)!;
        var task = (string?)message["params"]?["taskId"];
        var result = ((string?)message["method"], (string?)message["params"]?["name"]) switch
        {
            ("server/discover", _) => """
                {"resultType":"complete","supportedVersions":["2026-07-28"],"serverInfo":{"name":"s","version":"1"},
                "capabilities":{"tools":{},"extensions":{"io.modelcontextprotocol/tasks":{} } },"ttlMs":0,"cacheScope":"private"}
                """,
            ("tools/list", _) => """{"resultType":"complete","tools":[],"ttlMs":0,"cacheScope":"private"}""",
            ("tools/call", "job" or "place" or "paid") => State($"job-{Interlocked.Increment(ref _count)}", "task"),
            ("tasks/get", _) => State(task!, "complete"),
            ("tasks/update", _) => Set(task!, $$""" "status":"working","statusMessage":"Ada" """),
            ("tasks/cancel", _) => Set(task!, """ "status":"cancelled" """),
            _ => """{"resultType":"complete","content":[{"type":"text","text":"signed"}]}""",
        };
        await RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{message["id"]!.ToJsonString()}},"result":{{result}}}""");
    }

    private string State(string task, string type) => $$"""
        {"resultType":"{{type}}","taskId":"{{task}}","createdAt":"2026-11-25T10:30:00Z","ttlMs":60000,"pollIntervalMs":50,
        "lastUpdatedAt":"2026-11-25T10:30:00Z",{{States.GetOrAdd(task, """ "status":"working" """)}}}
        """;

    private string Set(string task, string state)
    {
        States[task] = state;
        return """{"resultType":"complete"}""";
    }
}
