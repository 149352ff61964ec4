using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Extensions;

/// <summary>A gateway whose tool a person has to approve, and a client that accepts tasks (2026-07-28).</summary>
internal sealed class ApprovalTaskBench(ApprovalBench bench, JumpingTime time) : IAsyncDisposable
{
    public const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    public const string WithLinks = """{"extensions":{"io.modelcontextprotocol/tasks":{}},"elicitation":{"url":{}}}""";

    public ApprovalBench Approvals => bench;

    public JumpingTime Time => time;

    public int Sent => bench.Server.Requests.Count(
        static request => request.Text.Contains("\"tools/call\"", StringComparison.Ordinal));

    /// <param name="more">Further members of the tool's entry, each with a comma before it.</param>
    /// <param name="console">Where people reach the console.</param>
    /// <param name="policy">Another policy; null for the one whose tool a person has to approve.</param>
    /// <param name="start">The time at the start; null for the system's.</param>
    /// <param name="config">Further members of the configuration, each with a comma before it.</param>
    public static async Task<ApprovalTaskBench> StartAsync(
        string more = "", string? console = null, string? policy = null, DateTimeOffset? start = null,
        string config = "")
    {
        var time = new JumpingTime(start ?? TimeProvider.System.GetUtcNow());
        var bench = await ApprovalBench.StartAsync(
            more: more, time: time, console: console, policy: policy, config: config);
        var answer = bench.Server.Answer;
        bench.Server.Answer = (http, request) => request.Text.Contains("\"tools/list\"", StringComparison.Ordinal)
            ? RecordingServer.JsonAsync(http, """
                {"jsonrpc":"2.0","id":ID,"result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[
                  {"name":"refund","inputSchema":{"type":"object"}}]}}
                """.Replace("ID", IdOf(request), StringComparison.Ordinal))
            : answer(http, request);
        return new ApprovalTaskBench(bench, time);
    }

    /// <summary>Calls, and returns the id of the task and of the request for approval.</summary>
    public async Task<(string Task, string Approval)> CreateAsync(
        string path = "/mcp/srv", string arguments = """{"amount":5}""")
    {
        var created = await ResultAsync(path, "tools/call", Call(path, arguments), ToolAt(path));
        Assert.Equal("task", created.GetProperty("resultType").GetString());
        Assert.Equal("working", created.GetProperty("status").GetString());
        var open = await bench.SendAsync("GET", "approvals?state=open");
        return (created.GetProperty("taskId").GetString()!, (string)open.Json!["items"]!.AsArray()[^1]!["id"]!);
    }

    public static string ToolAt(string path) => path == "/mcp" ? "srv__refund" : "refund";

    public static string Call(string path, string arguments = """{"amount":5}""") =>
        $$"""{"name":"{{ToolAt(path)}}","arguments":{{arguments}}}""";

    public Task<JsonElement> StateAsync(string task, string path = "/mcp/srv", string capabilities = Declared) =>
        ResultAsync(path, "tasks/get", $$"""{"taskId":"{{task}}"}""", task, capabilities);

    /// <summary>The final state of a task.</summary>
    public async Task<JsonElement> EndAsync(string task, string path = "/mcp/srv")
    {
        JsonElement state = default;
        await Soon.UntilAsync(async () =>
        {
            state = await StateAsync(task, path);
            return state.GetProperty("status").GetString() is not ("working" or "input_required");
        }, "the task has ended");
        return state;
    }

    public async Task<JsonElement> ResultAsync(
        string path, string method, string parameters, string? name, string capabilities = Declared)
    {
        var answer = await SendAsync(path, method, parameters, name, capabilities);
        Assert.True(answer.Message.TryGetProperty("result", out var result), answer.Message.GetRawText());
        return result;
    }

    public async Task<(int Status, JsonElement Message)> SendAsync(
        string path, string method, string parameters, string? name, string capabilities = Declared,
        string token = TestTokens.Agent)
    {
        var meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            + $"\"io.modelcontextprotocol/clientCapabilities\":{capabilities}}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bench.Gateway.Address, path))
        {
            Content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":""" + parameters[..^1] + "," + meta + "}}",
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
            request.Headers.Add("Mcp-Name", name);
        using var response = await bench.Gateway.Client.SendAsync(request);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>What happened to requests for approval, by the record; not who looked at them.</summary>
    public IReadOnlyList<string> Events() =>
    [
        .. bench.Gateway.AuditRecords().Where(static record => record.GetProperty("kind").GetString() == "approval")
            .Select(static record => record.GetProperty("became").GetString()!)
            .Where(static became => became != "viewed"),
    ];

    /// <summary>Waits until these events are on record, which follow the changes of the store.</summary>
    public async Task RecordedAsync(params string[] events)
    {
        await Soon.UntilAsync(() => Events().Count >= events.Length, $"{string.Join(", ", events)} on record");
        Assert.Equal(events, Events());
    }

    public static string TextOf(JsonElement state) =>
        state.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    public static string IdOf(RecordedRequest request) =>
        JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetRawText();
}
