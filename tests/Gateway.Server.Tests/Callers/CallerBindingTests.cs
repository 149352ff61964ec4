using Gateway.Server.Tests.Extensions;
using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Callers;

/// <summary>
/// State that belongs to a caller: a second person with the same grant gets 404 or the way of a first request. Each
/// test is listed in docs/engineering/callers.md.
/// </summary>
public sealed class CallerBindingTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": {
          "refund": { "action": "approve", "reason": "A person approves.", "approval": { "expires": "15m", "wait": "0s" } },
          "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 1 } ] } } }
        """;

    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
        """;

    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private CallerBench _bench = null!;
    private string _ana = null!;
    private string _ben = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await CallerBench.StartAsync(policy: Policy, console: new Uri(CallerBench.Origin));
        _ana = await _bench.TokenAsync("ana", "finance");
        _ben = await _bench.TokenAsync("ben", "finance");
        _bench.Crm.Answer = static (http, request) => AnswerAsync(http, request, "crm");
        _bench.Erp.Answer = static (http, request) => AnswerAsync(http, request, "erp");
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeTheory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task A_session_is_its_callers(string path)
    {
        var session = await OpenAsync(_ana, path);

        Assert.Equal(200, await CallAsync(_ana, path, session));
        Assert.Equal(404, await CallAsync(_ben, path, session));
        Assert.Equal(404, await CallAsync(TestTokens.Agent, path, session));
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            using var other = await _bench.SendAsync(_ben, path, method: method, change: request =>
            {
                request.Headers.Add("Mcp-Session-Id", session);
                if (method == HttpMethod.Get)
                    request.Headers.TryAddWithoutValidation("Last-Event-ID", "1");
            });
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }

        // Another token of the same person is the same caller.
        Assert.Equal(200, await CallAsync(await _bench.TokenAsync("ana", "finance", "more"), path, session));
    }

    [NodeFact]
    public async Task A_program_that_requests_share_is_its_callers()
    {
        await using var bench = await CallerBench.StartAsync(
            servers: $$"""
                "local": { "command": "/bin/sh", "args": ["{{StdioBench.Script}}"], "cwd": "/" },
                """,
            grants: """
                "local": { "server": "local", "policy": "policy", "order": 1,
                  "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "local" }] } },
                """);
        var (ana, ben) = (await bench.TokenAsync("ana", "local"), await bench.TokenAsync("ben", "local"));

        var first = await ProcessAsync(ana);

        Assert.True(first?.StartsWith("echo ", StringComparison.Ordinal), first);
        Assert.NotEqual(first, await ProcessAsync(ben));
        Assert.Equal(first, await ProcessAsync(ana));
        // Another token of the same person is the same caller.
        Assert.Equal(first, await ProcessAsync(await bench.TokenAsync("ana", "local", "more")));

        async Task<string?> ProcessAsync(string token)
        {
            using var response = await bench.SendAsync(
                token, "/mcp/local", StdioBench.StatelessCall("echo"),
                static request =>
                {
                    request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                    request.Headers.Add("Mcp-Method", "tools/call");
                    request.Headers.Add("Mcp-Name", "echo");
                });
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            return (string?)answer["result"]?["content"]?[0]?["text"] ?? answer.ToJsonString();
        }
    }

    [NodeFact]
    public async Task An_SSE_session_is_its_callers()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var server = await EverythingServer.StartAsync(deadline.Token, "everything-sse.js");
        await using var bench = await CallerBench.StartAsync(
            servers: $$"""
                "events": { "url": "{{server.Address}}", "transport": "sse" },
                """,
            grants: """
                "events": { "server": "events", "policy": "policy", "order": 1,
                  "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "events" }] } },
                """);
        var (ana, ben) = (await bench.TokenAsync("ana", "events"), await bench.TokenAsync("ben", "events"));
        var session = await OpenAsync(ana, "/mcp/events", bench);

        Assert.Equal(200, await CallAsync(ana, "/mcp/events", session, bench));
        Assert.Equal(404, await CallAsync(ben, "/mcp/events", session, bench));
        Assert.Equal(1, await SessionsAsync());
        Assert.NotEqual(session, await OpenAsync(ben, "/mcp/events", bench));
        Assert.Equal(2, await SessionsAsync());

        async Task<int> SessionsAsync()
        {
            using var shown = await bench.SendAsync(
                CallerBench.AdminKey, "/api/v1/servers/events", method: HttpMethod.Get);
            var view = JsonNode.Parse(await shown.Content.ReadAsStringAsync())!;
            return (int)view["sse"]!["sessions"]!;
        }
    }

    [NodeFact]
    public async Task A_task_of_a_server_is_its_callers()
    {
        var created = JsonNode.Parse(await TaskAsync(_ana, "tools/call", "long", """ "name":"long","arguments":{} """))!;
        var task = (string)created["result"]!["taskId"]!;

        foreach (var method in (string[])["tasks/get", "tasks/cancel"])
        {
            foreach (var path in (string[])["/mcp/crm", "/mcp"])
            {
                var refused = JsonNode.Parse(await TaskAsync(_ben, method, task, $""" "taskId":"{task}" """, path))!;
                Assert.Equal(-32602, (int?)refused["error"]?["code"]);
            }
        }

        Assert.DoesNotContain(_bench.Crm.Requests, static one => one.Text.Contains("tasks/", StringComparison.Ordinal));
        var own = JsonNode.Parse(await TaskAsync(_ana, "tasks/get", task, $""" "taskId":"{task}" """))!;
        Assert.Equal("completed", (string?)own["result"]?["status"]);
    }

    [NodeFact]
    public async Task Concurrent_lists_of_two_callers_are_requested_for_each()
    {
        using var both = new CountdownEvent(2);
        var lists = 0;
        _bench.Crm.Answer = async (http, request) =>
        {
            if (request.Text.Contains("tools/list", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref lists);
                if (!both.IsSet)
                    both.Signal();
                await Soon.UntilAsync(() => both.IsSet, "both callers have asked");
            }

            await AnswerAsync(http, request, "crm");
        };

        // If the second caller shared the first one's request, the server would wait for it in vain.
        var answers = await Task.WhenAll(
            RequestAsync(_ana, "tools/list", ""), RequestAsync(_ben, "tools/list", ""));

        Assert.All(answers, static answer => Assert.NotNull(answer["result"]?["tools"]));
        Assert.True(lists >= 2);
    }

    [NodeFact]
    public async Task A_retry_token_is_its_callers()
    {
        const string retry = """ ,"requestState":"state-1","inputResponses":{} """;
        Assert.True(await ReachesAsync(_ana));

        Assert.False(await ReachesAsync(_ben, retry));
        Assert.True(await ReachesAsync(_ana, retry));
        Assert.False(await ReachesAsync(_ana));
    }

    [NodeFact]
    public async Task An_approval_is_for_the_call_of_its_caller()
    {
        var ana = await AskAsync(_ana);
        await ApproveAsync(ana, "{}");

        Assert.NotEqual(ana, await AskAsync(_ben));

        Assert.Null(await TryAskAsync(_ana));
    }

    [NodeFact]
    public async Task A_suggested_call_is_for_its_caller()
    {
        var id = await AskAsync(_ana);
        Assert.Equal(200, await _bench.StatusAsync(
            CallerBench.AdminKey, $"/api/v1/approvals/{id}/deny", """{"suggestedArguments":{"amount":3} }"""));

        Assert.NotNull(await TryAskAsync(_ben, """{"amount":3}"""));

        Assert.Null(await TryAskAsync(_ana, """{"amount":3}"""));
    }

    [NodeFact]
    public async Task The_state_of_a_request_for_approval_is_its_callers()
    {
        var meta = Meta.Replace(
            "clientCapabilities\":{}", """clientCapabilities":{"elicitation":{"url":{}}}""", StringComparison.Ordinal);
        var asked = await RefundAsync(_ana, "");
        var id = Id(asked);
        await ApproveAsync(id, "{}");
        var retry = $$$"""
            ,"requestState":{{{asked["result"]!["requestState"]!.ToJsonString()}}},"inputResponses":{"approval":{"action":"accept"}}
            """;

        // The second subject is asked as if it sent no state.
        var other = await RefundAsync(_ben, retry);
        Assert.Equal("input_required", (string?)other["result"]!["resultType"]);
        Assert.NotEqual(id, Id(other));
        Assert.Empty(_bench.Crm.Requests);

        Assert.Equal("done", (string?)(await RefundAsync(_ana, retry))["result"]!["content"]![0]!["text"]);

        async Task<JsonNode> RefundAsync(string token, string more) => JsonNode.Parse(await StatelessAsync(
            token, "tools/call", "refund",
            $$"""{"name":"refund","arguments":{"amount":5},{{meta}}{{more}} }""", "/mcp/crm"))!;

        static string Id(JsonNode asked) =>
            ((string)asked["result"]!["inputRequests"]!["approval"]!["params"]!["url"]!).Split('/')[^1];
    }

    [NodeFact]
    public async Task A_standing_approval_is_for_the_calls_of_its_caller()
    {
        await ApproveAsync(await AskAsync(_ana), """{"standing":{"next":5,"for":"10m"}}""");

        Assert.Null(await TryAskAsync(_ana));
        Assert.NotNull(await TryAskAsync(_ben));
        Assert.Null(await TryAskAsync(_ana));
    }

    [NodeFact]
    public async Task Routes_and_sealed_addresses_are_of_the_lists_that_their_caller_received()
    {
        var listed = await RequestAsync(_ana, "resources/list", "");
        var uri = (string)listed["result"]!["resources"]!.AsArray().Select(static one => one!["uri"])
            .First(static one => ((string)one!).Contains("policy-gateway.invalid", StringComparison.Ordinal))!;
        var before = Lists();
        Assert.NotNull((await RequestAsync(_ana, "resources/read", $"\"uri\":\"{uri}\","))["result"]);
        Assert.Equal(before, Lists());

        Assert.NotNull((await RequestAsync(_ben, "resources/read", $"\"uri\":\"{uri}\","))["error"]);
        Assert.NotNull((await RequestAsync(_ben, "tools/call", "\"name\":\"crm__find\",\"arguments\":{},"))["result"]);

        Assert.True(Lists() > before);

        int Lists() => _bench.Crm.Requests.Count(
            static request => request.Text.Contains("/list", StringComparison.Ordinal));
    }

    private static Task AnswerAsync(HttpContext http, RecordedRequest request, string server)
    {
        if (request.Method != "POST")
            return RecordingServer.JsonAsync(http, "", 405);
        var message = JsonNode.Parse(request.Text)!;
        if (message["id"] is not { } id)
            return RecordingServer.JsonAsync(http, "", 202);
        var method = (string)message["method"]!;
        if (method == "initialize")
            http.Response.Headers["Mcp-Session-Id"] = $"session-of-{server}";
        var result = (method, (string?)message["params"]?["name"]) switch
        {
            ("initialize", _) => """
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{},"resources":{}},"serverInfo":{"name":"s","version":"1"}}
                """,
            ("tools/list", _) => """{"tools":[{"name":"find","inputSchema":{"type":"object"}}]}""",
            ("resources/list", _) => """{"resources":[{"uri":"memo://one","name":"one"}]}""",
            ("resources/templates/list", _) => """{"resourceTemplates":[]}""",
            ("resources/read", _) => """{"contents":[]}""",
            (_, "long") => """
                {"resultType":"task","taskId":"t-1","status":"working","createdAt":"2026-11-29T00:00:00Z","lastUpdatedAt":"2026-11-29T00:00:00Z","ttlMs":60000,"pollIntervalMs":1000}
                """,
            ("tasks/get", _) => """
                {"resultType":"complete","taskId":"t-1","status":"completed","createdAt":"2026-11-29T00:00:00Z","lastUpdatedAt":"2026-11-29T00:00:00Z","ttlMs":60000,"result":{"content":[]}}
                """,
            (_, "pay") => """{"resultType":"input_required","inputRequests":{},"requestState":"state-1"}""",
            _ => """{"content":[{"type":"text","text":"done"}]}""",
        };
        return RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""");
    }

    private async Task<string> OpenAsync(string token, string path, CallerBench? bench = null)
    {
        using var response = await (bench ?? _bench).SendAsync(token, path, Initialize);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<int> CallAsync(string token, string path, string session, CallerBench? bench = null)
    {
        using var response = await (bench ?? _bench).SendAsync(
            token, path, """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}""",
            request => request.Headers.Add("Mcp-Session-Id", session));
        return (int)response.StatusCode;
    }

    private async Task<bool> ReachesAsync(string token, string more = "")
    {
        var text = await StatelessAsync(
            token, "tools/call", "pay", $$"""{"name":"pay","arguments":{"to":"a"},{{Meta}}{{more}} }""", "/mcp/crm");
        return !text.Contains("Policy violation", StringComparison.Ordinal);
    }

    private async Task<JsonNode> RequestAsync(string token, string method, string parameters) =>
        JsonNode.Parse(await StatelessAsync(
            token, method, method == "tools/call" ? "crm__find" : "",
            $$"""{ {{parameters}} {{Meta}} }""", "/mcp"))!;

    private Task<string> TaskAsync(
        string token, string method, string name, string parameters, string path = "/mcp/crm") => StatelessAsync(
            token, method, name,
            "{" + parameters + "," + Meta.Replace(
                "clientCapabilities\":{}", $"clientCapabilities\":{ApprovalTaskBench.Declared}",
                StringComparison.Ordinal) + "}",
            path);

    private async Task<string> StatelessAsync(string token, string method, string name, string parameters, string path)
    {
        using var response = await _bench.SendAsync(
            token, path, $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", method);
                if (method == "resources/read")
                    name = (string)JsonNode.Parse(parameters)!["uri"]!;
                if (name.Length > 0)
                    request.Headers.Add("Mcp-Name", name);
            });
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string> AskAsync(string token) => Assert.IsType<string>(await TryAskAsync(token));

    /// <summary>Returns the id of the request for approval; null if the call went through.</summary>
    private async Task<string?> TryAskAsync(string token, string arguments = """{"amount":5}""")
    {
        var answer = await StatelessAsync(
            token, "tools/call", "refund", $$"""{"name":"refund","arguments":{{arguments}},{{Meta}} }""", "/mcp/crm");
        return (string?)JsonNode.Parse(answer)!["result"]!["_meta"]?["policy-gateway/decision"]?["approvalId"];
    }

    private async Task ApproveAsync(string id, string body)
    {
        using var response = await _bench.SendAsync(CallerBench.AdminKey, $"/api/v1/approvals/{id}/approve", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
