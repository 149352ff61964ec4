using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>Calls that become tasks of the gateway once their server takes long.</summary>
public sealed class LongCallTests : IAsyncLifetime, IDisposable
{
    private const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    private const string Done = """{"content":[{"type":"text","text":"done"}]}""";

    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly SeveralGateway _gateway;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _answers = new(StringComparer.Ordinal);
    private int _ended;

    public LongCallTests() => _gateway = new()
    {
        Time = _time,
        MoreCrm = """, "tasks": { "afterSeconds": 1, "tools": { "slow": 300 } } """,
        MorePolicy = """
            , "all_tools": { "limits": [ { "counter": "calls", "window": "month", "max": 2 } ],
            "results": { "redact": [ { "matches": "AB-\\d+" } ] } }
            """,
    };

    public async Task InitializeAsync()
    {
        await _gateway.InitializeAsync();
        _gateway.Crm.Own = AnswerAsync;
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/mcp/crm", "find")]
    [InlineData("/mcp", "crm__find")]
    public async Task Call_that_takes_long_becomes_a_task_with_its_result(string path, string tool)
    {
        var task = await CreateAsync(path, tool);
        foreach (var address in (string[])["/mcp/crm", "/mcp"])
            Assert.Equal("working", (await StateAsync(task, address)).GetProperty("status").GetString());

        AnswerOf("find").SetResult(Done);

        Assert.Equal("done", TextOf(await EndAsync(task)));
        Assert.Equal("done", TextOf(await StateAsync(task, "/mcp")));
        Assert.Single(_gateway.Crm.Received("tools/call"));
        var outcome = await OutcomeAsync();
        Assert.Equal(
            ("completed", "counted"),
            (outcome.GetProperty("ended").GetString(), outcome.GetProperty("counted").GetString()));
    }

    [Fact]
    public async Task Result_is_redacted_by_the_rules_for_results()
    {
        var task = await CreateAsync();

        AnswerOf("find").SetResult("""{"content":[{"type":"text","text":"found AB-4711"}]}""");

        Assert.Equal("found [redacted]", TextOf(await EndAsync(task)));
    }

    [Fact]
    public async Task Result_is_stored_encrypted_until_its_TTL()
    {
        var task = await CreateAsync();
        AnswerOf("find").SetResult("""{"content":[{"type":"text","text":"found-4712"}]}""");
        var ended = await EndAsync(task);
        Assert.Equal("found-4712", TextOf(ended));
        Assert.NotEmpty(_gateway.Folder.FilesWith("find"));
        Assert.Empty(_gateway.Folder.FilesWith("found-4712"));

        await _gateway.RestartAsync();
        var ttl = TimeSpan.FromMilliseconds(ended.GetProperty("ttlMs").GetInt64());
        _time.Jump(ttl - TimeSpan.FromMinutes(5));
        Assert.Equal("found-4712", TextOf(await StateAsync(task)));
        _time.Jump(TimeSpan.FromMinutes(5));
        var expired = await SendAsync("tasks/get", $$"""{"taskId":"{{task}}"}""", task, "/mcp/crm");
        Assert.Equal(-32602, expired.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Tool_with_a_time_of_its_own_becomes_a_task_where_the_server_has_none()
    {
        using var gateway = new SeveralGateway { MoreCrm = """, "tasks": { "tools": { "slow": 1 } } """ };
        await gateway.InitializeAsync();
        gateway.Crm.Own = AnswerAsync;
        gateway.Crm.Pages = [["find", "slow"]];
        var other = gateway.StatelessAsync("tools/call", """{"name":"find"}""", "find", Declared, "/mcp/crm");
        foreach (var (path, tool) in ((string, string)[])[("/mcp/crm", "slow"), ("/mcp", "crm__slow")])
        {
            using var created = await gateway.StatelessAsync(
                "tools/call", $$"""{"name":"{{tool}}"}""", tool, Declared, path);
            Assert.Contains(
                "\"resultType\":\"task\"", await created.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.False(other.IsCompleted);
        AnswerOf("find").SetResult(Done);
        AnswerOf("slow").SetResult(Done);
        using (var answer = await other)
            Assert.DoesNotContain("task", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task Another_grant_does_not_know_the_task()
    {
        var task = await CreateAsync();
        foreach (var method in (string[])["tasks/get", "tasks/cancel"])
        {
            var answer = await SendAsync(method, $$"""{"taskId":"{{task}}"}""", task, "/mcp/crm", TestTokens.Other);
            Assert.Equal(-32602, answer.GetProperty("error").GetProperty("code").GetInt32());
        }

        Assert.Equal("working", (await StateAsync(task)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("find", "{}")]
    [InlineData("slow", Declared)]
    public async Task Client_without_the_extension_or_of_another_tool_waits(string tool, string capabilities)
    {
        var call = SendAsync(
            "tools/call", $$"""{"name":"{{tool}}"}""", tool, "/mcp/crm", capabilities: capabilities);
        await Soon.UntilAsync(() => _gateway.Crm.Received("tools/call").Count == 1, "the call was sent");
        await Assert.ThrowsAsync<TimeoutException>(() => call.WaitAsync(TimeSpan.FromSeconds(1.5)));
        AnswerOf(tool).SetResult(Done);
        Assert.Equal("done", TextOf(await call));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(600_000)]
    public async Task Response_in_time_passes_unchanged(int length)
    {
        AnswerOf("find").SetResult("""{"content":[{"type":"text","text":"TEXT"}],"a":1.0}"""
            .Replace("TEXT", new string('x', length), StringComparison.Ordinal));
        var answer = await SendAsync("tools/call", """{"name":"find"}""", "find", "/mcp/crm");
        Assert.Equal(length, TextOf(answer).Length);
        Assert.Equal("1.0", answer.GetProperty("result").GetProperty("a").GetRawText());
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Result_over_the_bound_ends_the_task_and_counts()
    {
        var task = await CreateAsync();
        AnswerOf("find").SetResult("""{"content":[{"type":"text","text":"TEXT"}]}"""
            .Replace("TEXT", new string('x', 600_000), StringComparison.Ordinal));
        Assert.Contains("responded with more than 262144 bytes. The call may have been executed, and it counts",
            TextOf(await EndAsync(task)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"no"}],"isError":true}""", "completed")]
    [InlineData(null, "failed")]
    public async Task Error_of_the_server_is_the_end_of_the_task(string? result, string status)
    {
        var task = await CreateAsync();
        AnswerOf("find").SetResult(result ?? "");
        var ended = await EndAsync(task);
        Assert.Equal(status, ended.GetProperty("status").GetString());
        Assert.Contains(
            result is null ? "broken" : "\"isError\":true", ended.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Input_that_the_server_requests_goes_to_it_in_one_free_retry(bool isRepeated)
    {
        const string given = """ "inputResponses":{"NAME":{"action":"accept"}} """;
        var task = await CreateAsync();
        AnswerOf("find").SetResult(
            """{"resultType":"input_required","inputRequests":{"who":{"method":"roots/list"}}}""");
        await Soon.UntilAsync(
            async () => (await StateAsync(task)).TryGetProperty("inputRequests", out _), "input is requested");
        _answers.Clear();
        AnswerOf("find").SetResult(Done);
        // A retry that the client makes itself takes what is free, and the next one counts.
        if (isRepeated)
        {
            var retry = $$"""{"name":"find",{{given.Replace("NAME", "who", StringComparison.Ordinal)}}}""";
            Assert.Equal("done", TextOf(await SendAsync("tools/call", retry, "find", "/mcp/crm")));
        }

        await SendAsync("tasks/update",
            $$"""{"taskId":"{{task}}",{{given.Replace("NAME", "1.who", StringComparison.Ordinal)}}}""", task, "/mcp");

        Assert.Equal("done", TextOf(await EndAsync(task)));
        Assert.Equal(isRepeated ? 3 : 2, _gateway.Crm.Received("tools/call").Count);
        await Soon.UntilAsync(() => Outcomes().Count == (isRepeated ? 3 : 2), "the ends are on record");
        Assert.Equal(isRepeated ? 2 : 1, Outcomes().Count(
            static one => one.GetProperty("counted").GetString() == "counted"));
    }

    [Fact]
    public async Task Cancellation_ends_the_request_to_the_server_and_the_call_counts()
    {
        var task = await CreateAsync();
        await SendAsync("tasks/cancel", $$"""{"taskId":"{{task}}"}""", task, "/mcp");

        var state = await StateAsync(task);
        Assert.Equal("cancelled", state.GetProperty("status").GetString());
        await Soon.UntilAsync(() => Volatile.Read(ref _ended) == 1, "the request to the server has ended");
        Assert.Equal("counted", (await OutcomeAsync()).GetProperty("counted").GetString());
        AnswerOf("find").SetResult(Done);
        Assert.Equal("cancelled", (await StateAsync(task)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Pause_of_the_grant_ends_the_call()
    {
        var task = await CreateAsync();
        await _gateway.AdminAsync("POST", "grants/agent/pause", "{}");
        await Soon.UntilAsync(() => Volatile.Read(ref _ended) == 1, "the request to the server has ended");
        await _gateway.AdminAsync("POST", "grants/agent/resume", "{}");
        Assert.Equal(
            "No result: the grant was revoked, paused or expired during the call. The call may have been executed, "
            + "and it counts against your limits. Check before you repeat it.",
            TextOf(await EndAsync(task)));
    }

    [Fact]
    public async Task Restart_of_the_gateway_ends_the_task_and_repeats_nothing()
    {
        var task = await CreateAsync();
        await _gateway.RestartAsync();
        Assert.Contains(
            "the frontend that made the call has stopped. The call may have been executed, and it counts",
            TextOf(await EndAsync(task)), StringComparison.Ordinal);
        Assert.Single(_gateway.Crm.Received("tools/call"));
    }

    [Fact]
    public async Task Client_that_leaves_before_cancels_its_call()
    {
        var call = _gateway.StatelessAsync(
            "tools/call", """{"name":"slow"}""", "slow", Declared, "/mcp/crm",
            request => _ = Task.Run(async () =>
            {
                await Soon.UntilAsync(() => _gateway.Crm.Received("tools/call").Count == 1, "the call was sent");
                _gateway.Client.CancelPendingRequests();
            }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Soon.UntilAsync(() => Volatile.Read(ref _ended) == 1, "the request to the server has ended");
    }

    private TaskCompletionSource<string> AnswerOf(string tool) =>
        _answers.GetOrAdd(tool, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task<bool> AnswerAsync(HttpContext http, JsonElement message)
    {
        if (!message.TryGetProperty("method", out var method) || !method.ValueEquals("tools/call"))
            return false;
        var id = message.GetProperty("id");
        try
        {
            var result = await AnswerOf(message.GetProperty("params").GetProperty("name").GetString()!)
                .Task.WaitAsync(http.RequestAborted);
            if (result.Length > 0)
                await ScriptedServer.ResultAsync(http, id, result);
            else
                await RecordingServer.JsonAsync(
                    http, $$$"""
                        {"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32603,"message":"broken"}}
                        """);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _ended);
        }

        return true;
    }

    private async Task<string> CreateAsync(string path = "/mcp/crm", string tool = "find")
    {
        var created = await ResultAsync("tools/call", $$"""{"name":"{{tool}}"}""", tool, path);
        Assert.Equal("task", created.GetProperty("resultType").GetString());
        Assert.Equal("working", created.GetProperty("status").GetString());
        return created.GetProperty("taskId").GetString()!;
    }

    private Task<JsonElement> StateAsync(string task, string path = "/mcp/crm") =>
        ResultAsync("tasks/get", $$"""{"taskId":"{{task}}"}""", task, path);

    private async Task<JsonElement> EndAsync(string task)
    {
        JsonElement state = default;
        await Soon.UntilAsync(async () =>
        {
            state = await StateAsync(task);
            return state.GetProperty("status").GetString() is not ("working" or "input_required");
        }, "the task has ended");
        return state;
    }

    private async Task<JsonElement> OutcomeAsync()
    {
        await Soon.UntilAsync(() => Outcomes().Count == 1, "the end is on record");
        return Outcomes()[0];
    }

    private List<JsonElement> Outcomes() =>
    [
        .. _gateway.Records().Where(static record => record.GetProperty("kind").GetString() == "outcome"
            && record.TryGetProperty("tool", out var tool) && tool.GetString() == "find"),
    ];

    private static string TextOf(JsonElement state) =>
        state.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;

    private async Task<JsonElement> ResultAsync(string method, string parameters, string name, string path)
    {
        var message = await SendAsync(method, parameters, name, path);
        Assert.True(message.TryGetProperty("result", out var result), message.GetRawText());
        return result;
    }

    private async Task<JsonElement> SendAsync(
        string method, string parameters, string name, string path, string token = TestTokens.Agent,
        string capabilities = Declared)
    {
        using var response = await _gateway.StatelessAsync(method, parameters, name, capabilities, path, request =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
