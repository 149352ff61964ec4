namespace Gateway.Server.Tests.Extensions;

/// <summary>Input that a server requests for a call that runs as a task of the gateway.</summary>
public sealed class TaskInputTests
{
    private const string Client =
        """{"extensions":{"io.modelcontextprotocol/tasks":{}},"elicitation":{"form":{}},"sampling":{}}""";

    private const string Results = """, "results": { "redact": [ { "matches": "PIN-[0-9]+" } ] } """;

    private const string Approved = $$"""
        { "version": "1", "default": "deny", "tools": { "refund": { "action": "approve",
          "approval": { "wait": "0s" }, "limits": [ { "counter": "c", "window": "month", "max": 1 } ] {{Results}} } } }
        """;

    private const string Waiting = $$"""
        { "version": "1", "default": "deny", "tools": { "refund": {
          "limits": [ { "counter": "c", "window": "minute", "max": 1, "wait": "5m" } ] {{Results}} } } }
        """;

    [Theory]
    [InlineData(Approved)]
    [InlineData(Waiting)]
    public async Task Requests_are_those_of_the_task_and_only_its_callers_responses_reach_the_server(string policy)
    {
        await using var bench = await StartAsync(policy);
        var task = await InputAsync(bench, policy);
        var requests = await RequestsAsync(bench, task);
        Assert.Equal(["1.who", "1.model"], requests.EnumerateObject().Select(static one => one.Name));
        // Filtered once, before it is stored.
        Assert.Contains("Who has [redacted]?", requests.GetRawText(), StringComparison.Ordinal);

        var stranger = await bench.SendAsync(
            "/mcp/srv", "tasks/update", Update(task, """{"1.who":{"action":"accept"},"1.model":{}}"""), task, Client,
            TestTokens.Other);
        Assert.Equal(-32602, stranger.Message.GetProperty("error").GetProperty("code").GetInt32());
        await UpdateAsync(bench, task, """{"1.who":{"action":"decline"},"approval":{"action":"accept"},"model":{}}""");
        Assert.Equal("1.model", Assert.Single((await RequestsAsync(bench, task)).EnumerateObject()).Name);
        // The responses so far are stored with the task, and stay.
        await bench.Approvals.RestartAsync();
        Assert.Equal(1, SentOf(bench, policy));
        await UpdateAsync(bench, task, """
            {"1.who":{"action":"cancel"},"1.model":{"role":"assistant","content":{"type":"text","text":"\u00e9 1.0"}}}
            """);

        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        var last = LastOf(bench);
        Assert.Equal("s1", last.GetProperty("requestState").GetString());
        Assert.Equal("""
            {"who":{"action":"decline"},"model":{"role":"assistant","content":{"type":"text","text":"\u00e9 1.0"}}}
            """, last.GetProperty("inputResponses").GetRawText());
        Assert.Equal(2, SentOf(bench, policy));
        await Soon.UntilAsync(() => bench.Events()[^1] == "finished", "the end is on record");
        // One decision took a number, and the other is on record as its retry.
        var decisions = Decisions(bench).TakeLast(2).ToArray();
        Assert.Equal(1, decisions[0].GetProperty("counters").GetArrayLength());
        Assert.Equal(0, decisions[1].GetProperty("counters").GetArrayLength());
        Assert.True(decisions[1].GetProperty("retry").GetBoolean());
    }

    [Fact]
    public async Task Server_may_request_input_again_under_the_same_names()
    {
        await using var bench = await StartAsync(Approved, rounds: 2);
        var task = await InputAsync(bench, Approved);
        await UpdateAsync(bench, task, """{"1.who":{"action":"accept","content":{"n":1}},"1.model":{}}""");
        await RoundAsync(bench, task, 2);
        // A late response to the first request is none to the second.
        await UpdateAsync(bench, task, """{"1.who":{"action":"accept","content":{"n":9}},"1.model":{}}""");
        await UpdateAsync(bench, task, """{"2.who":{"action":"accept","content":{"n":2}},"2.model":{}}""");

        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        var last = LastOf(bench);
        Assert.Equal("s2", last.GetProperty("requestState").GetString());
        Assert.Equal(
            """{"who":{"action":"accept","content":{"n":2}},"model":{}}""",
            last.GetProperty("inputResponses").GetRawText());
        Assert.Equal(3, bench.Sent);
    }

    [Theory]
    [InlineData(Approved, "the server has requested input again, and the call needs a new approval")]
    [InlineData(Waiting, "Counter c has 0 of 1 left")]
    public async Task Denies_when_the_server_requests_input_more_often_than_one_count_covers(
        string policy, string reason)
    {
        var once = policy.Replace("\"limits\"", "\"rounds\": 1, \"limits\"", StringComparison.Ordinal);
        await using var bench = await StartAsync(once, rounds: 2);
        var task = await InputAsync(bench, policy);
        await UpdateAsync(bench, task, """{"1.who":{"action":"accept"},"1.model":{}}""");
        await RoundAsync(bench, task, 2);

        await UpdateAsync(bench, task, """{"2.who":{"action":"accept"},"2.model":{}}""");

        Assert.Contains(reason, ApprovalTaskBench.TextOf(await bench.EndAsync(task)), StringComparison.Ordinal);
        Assert.Equal(2, SentOf(bench, policy));
        await Soon.UntilAsync(() => bench.Events()[^1] == "finished", "the end is on record");
    }

    [Theory]
    [InlineData("cancel", "cancelled", "and it counts")]
    [InlineData("late", "completed", "did not give the requested input in time")]
    [InlineData("deny", "completed", "Policy violation")]
    public async Task Task_that_gets_no_input_or_may_not_send_it_ends_and_counts(string end, string status, string text)
    {
        await using var bench = await StartAsync(Approved);
        var task = await InputAsync(bench, Approved);

        if (end == "cancel")
            await bench.ResultAsync("/mcp/srv", "tasks/cancel", $$"""{"taskId":"{{task}}"}""", task);
        else if (end == "late")
            bench.Time.Jump(TimeSpan.FromMinutes(61));
        else if (end == "deny")
            await bench.Approvals.RestartAsync(policy: static policy => policy.Replace(
                "\"refund\"", "\"another\"", StringComparison.Ordinal));
        await UpdateAsync(bench, task, """{"1.who":{"action":"accept"},"1.model":{}}""");

        var ended = await bench.EndAsync(task);
        Assert.Equal(status, ended.GetProperty("status").GetString());
        Assert.Contains(text, ended.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
        Assert.Single(Decisions(bench), static one => one.GetProperty("counters").GetArrayLength() == 1);
    }

    [Fact]
    public async Task Responses_that_are_too_long_for_a_task_are_an_error()
    {
        await using var bench = await StartAsync(Approved);
        var task = await InputAsync(bench, Approved);
        var answer = await bench.SendAsync(
            "/mcp/srv", "tasks/update", Update(task, $$"""{"1.who":"{{new string('x', 140_000)}}"}"""), task, Client);
        Assert.Equal(-32602, answer.Message.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(2, (await RequestsAsync(bench, task)).EnumerateObject().Count());
    }

    private static async Task<ApprovalTaskBench> StartAsync(string policy, int rounds = 1)
    {
        var now = TimeProvider.System.GetUtcNow();
        var bench = await ApprovalTaskBench.StartAsync(
            policy: policy, start: new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 2, TimeSpan.Zero));
        var answer = bench.Approvals.Server.Answer;
        bench.Approvals.Server.Answer = (http, request) =>
        {
            var round = Enumerable.Range(1, rounds).FirstOrDefault(
                one => request.Text.Contains($"\"s{one}\"", StringComparison.Ordinal));
            if (request.Text.Contains("\"amount\":5", StringComparison.Ordinal) && round < rounds)
                return RecordingServer.JsonAsync(http, """
                    {"jsonrpc":"2.0","id":"task","result":{"resultType":"input_required","requestState":"sN",
                      "inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who has PIN-12?",
                        "requestedSchema":{"type":"object","properties":{}}}},
                        "model":{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":9}}}}}
                    """.Replace("sN", $"s{round + 1}", StringComparison.Ordinal));
            return answer(http, request);
        };
        return bench;
    }

    /// <summary>Makes a call whose server requests input, and returns its task once it has the requests.</summary>
    private static async Task<string> InputAsync(ApprovalTaskBench bench, string policy)
    {
        if (policy == Waiting)
            await bench.ResultAsync(
                "/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv", """{"amount":1}"""), "refund", Client);
        var created = await bench.ResultAsync(
            "/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv"), "refund", Client);
        var task = created.GetProperty("taskId").GetString()!;
        if (policy == Waiting)
            bench.Time.Jump(TimeSpan.FromMinutes(1));
        else
        {
            var open = await bench.Approvals.SendAsync("GET", "approvals?state=open");
            await bench.Approvals.ApproveAsync((string)open.Json!["items"]![0]!["id"]!);
        }

        await Soon.UntilAsync(async () => await StatusAsync(bench, task) == "input_required", "input is requested");
        return task;
    }

    private static async Task RoundAsync(ApprovalTaskBench bench, string task, int round) => await Soon.UntilAsync(
        async () => (await bench.StateAsync(task, capabilities: Client)).TryGetProperty("inputRequests", out var all)
            && all.TryGetProperty($"{round}.who", out _),
        "input is requested again");

    private static async Task<JsonElement> RequestsAsync(ApprovalTaskBench bench, string task) =>
        (await bench.StateAsync(task, capabilities: Client)).GetProperty("inputRequests");

    private static JsonElement LastOf(ApprovalTaskBench bench) =>
        JsonDocument.Parse(bench.Approvals.Server.Requests.Last().Body).RootElement.GetProperty("params");

    /// <summary>The calls that reached the server, without the one that fills the limit.</summary>
    private static int SentOf(ApprovalTaskBench bench, string policy) => bench.Sent - (policy == Waiting ? 1 : 0);

    private static List<JsonElement> Decisions(ApprovalTaskBench bench) =>
    [
        .. bench.Approvals.Gateway.AuditRecords().Where(static record =>
            record.GetProperty("kind").GetString() == "decision"
                && record.GetProperty("method").GetString() == "tools/call"
                && record.GetProperty("outcome").GetString() == "allowed"),
    ];

    private static async Task<string> StatusAsync(ApprovalTaskBench bench, string task) =>
        (await bench.StateAsync(task, capabilities: Client)).GetProperty("status").GetString()!;

    private static Task<JsonElement> UpdateAsync(ApprovalTaskBench bench, string task, string responses) =>
        bench.ResultAsync("/mcp/srv", "tasks/update", Update(task, responses), task, Client);

    private static string Update(string task, string responses) =>
        $$"""{"taskId":"{{task}}","inputResponses":{{responses}}}""";
}
