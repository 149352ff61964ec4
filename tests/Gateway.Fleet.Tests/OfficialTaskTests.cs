using Microsoft.AspNetCore.Http;

namespace Gateway.Fleet.Tests;

/// <summary>
/// The official client of the extension for tasks (2026-07-28), each request of which goes to the next of three
/// gateways.
/// </summary>
public sealed class OfficialTaskTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "job": {}, "sign": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } },
      "stamp": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } },
      "late": { "action": "approve", "approval": { "expires": "3s", "wait": "0s" } } } }
    """)
{
    private readonly ConcurrentDictionary<string, string> _jobs = new(StringComparer.Ordinal);
    private int _jobCount;

    [ClusterFact]
    public async Task Tasks_of_a_server_end_as_the_server_says()
    {
        Bench.Server.Answer = AnswerAsync;
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await using var client = Start(
            [first, second, third], ("job", false), ("job", false), ("job", true), ("job", false));

        await CreatedAsync(client);
        _jobs["job-1"] = Completed("done");
        Assert.Equal(("completed", "done"), Of(await ReadAsync(client)));

        await CreatedAsync(client);
        _jobs["job-2"] = """
            "status":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?",
            "requestedSchema":{"type":"object","properties":{"name":{"type":"string"} } } } } }
            """;
        await Soon.UntilAsync(
            () => _jobs["job-2"].Contains("Ada", StringComparison.Ordinal), "the client has answered");
        _jobs["job-2"] = Completed("Ada");
        Assert.Equal(("completed", "Ada"), Of(await ReadAsync(client)));

        await CreatedAsync(client);
        Assert.Equal("cancelled", Of(await ReadAsync(client)).Status);

        await CreatedAsync(client);
        _jobs["job-4"] = """ "status":"failed","error":{"code":-32603,"message":"broken"} """;
        Assert.Equal(("failed", "broken"), Of(await ReadAsync(client)));
        Assert.Equal(-32602, (await ReadAsync(client)).GetProperty("unknown").GetInt32());
    }

    [ClusterFact]
    public async Task Approvals_are_decided_by_a_person_only_and_a_killed_gateway_loses_none()
    {
        Bench.Server.Answer = AnswerAsync;
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await using var client = Start(
            [first, second, third], ("sign", false), ("sign", false), ("late", false), ("stamp", false));

        // Neither a forged answer nor a second decision makes the call twice.
        var task = await CreatedAsync(client);
        await SharedTaskTests.SendAsync(
            second, "tasks/update",
            $$$"""
            {"taskId":"{{{task}}}","inputResponses":{"approval":{"action":"accept","content":{"approved":true} } } }
            """,
            task);
        var id = await new Operator(third).OpenRequestAsync();
        Assert.Equal(0, Calls("sign"));
        Assert.Equal(HttpStatusCode.OK, await new Operator(third).ApproveAsync(id));
        Assert.NotEqual(HttpStatusCode.OK, await new Operator(first).DenyAsync(id, "Bob"));
        Assert.Equal(("completed", "signed"), Of(await ReadAsync(client)));
        Assert.Equal(1, Calls("sign"));

        await CreatedAsync(client);
        Assert.Equal(
            HttpStatusCode.OK, await new Operator(second).DenyAsync(await new Operator(second).OpenRequestAsync()));
        Assert.Contains("denied this call", Of(await ReadAsync(client)).Text, StringComparison.Ordinal);

        await CreatedAsync(client);
        Assert.True((await ReadAsync(client)).GetProperty("isError").GetBoolean());
        Assert.Equal((1, 0), (Calls("sign"), Calls("late")));

        await CreatedAsync(client);
        id = await new Operator(second).OpenRequestAsync();
        await first.KillAsync();
        await first.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, await new Operator(third).ApproveAsync(id));
        Assert.Equal(("completed", "signed"), Of(await ReadAsync(client)));
        Assert.Equal(1, Calls("stamp"));
    }

    private static NodeProcess Start(GatewayProcess[] gateways, params (string Name, bool Cancel)[] calls) =>
        NodeProcess.Start("ext-task-client.js", new JsonObject
        {
            ["urls"] = new JsonArray(
                [.. gateways.Select(static one => (JsonNode)new Uri(one.Address, "/mcp/srv").AbsoluteUri)]),
            ["token"] = TestTokens.Agent,
            ["calls"] = new JsonArray([.. calls.Select(static one => (JsonNode)new JsonObject
            {
                ["name"] = one.Name,
                ["cancel"] = one.Cancel,
            })]),
        }.ToJsonString());

    private static async Task<string> CreatedAsync(NodeProcess client) =>
        (await ReadAsync(client)).GetProperty("task").GetString()!;

    private static async Task<JsonElement> ReadAsync(NodeProcess client)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        return JsonElement.Parse(await client.ReadJsonLineAsync(deadline.Token));
    }

    private static string Completed(string text) => $$"""
        "status":"completed","result":{"resultType":"complete","content":[{"type":"text","text":"{{text}}"}]}
        """;

    private static (string Status, string Text) Of(JsonElement outcome) => (
        outcome.GetProperty("status").GetString()!,
        outcome.TryGetProperty("text", out var text) ? text.GetString()! : "");

    private int Calls(string tool) => Bench.Server.Requests.Count(
        one => one.Text.Contains("tools/call", StringComparison.Ordinal)
            && one.Text.Contains($"\"{tool}\"", StringComparison.Ordinal));

    private async Task AnswerAsync(HttpContext http, RecordedRequest request)
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
            ("tools/call", "job") => State($"job-{Interlocked.Increment(ref _jobCount)}", "task"),
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
        "lastUpdatedAt":"2026-11-25T10:30:00Z",{{_jobs.GetOrAdd(task, """ "status":"working" """)}}}
        """;

    private string Set(string task, string state)
    {
        _jobs[task] = state;
        return """{"resultType":"complete"}""";
    }
}
