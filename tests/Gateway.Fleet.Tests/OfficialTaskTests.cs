namespace Gateway.Fleet.Tests;

/// <summary>
/// The official client of the extension for tasks (2026-07-28), each request of which goes to the next of three
/// gateways.
/// </summary>
public class OfficialTaskTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "job": {}, "sign": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } },
      "stamp": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } },
      "late": { "action": "approve", "approval": { "expires": "3s", "wait": "0s" } } } }
    """)
{
    private readonly JobServer _jobs = new();

    [ClusterFact]
    public async Task Tasks_of_a_server_end_as_the_server_says()
    {
        Bench.Server.Answer = _jobs.AnswerAsync;
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await using var client = Start(
            [first, second, third], ("job", false), ("job", false), ("job", true), ("job", false));

        await CreatedAsync(client);
        _jobs.States["job-1"] = JobServer.Completed("done");
        Assert.Equal(("completed", "done"), Of(await ReadAsync(client)));

        await CreatedAsync(client);
        _jobs.States["job-2"] = """
            "status":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?",
            "requestedSchema":{"type":"object","properties":{"name":{"type":"string"} } } } } }
            """;
        await Soon.UntilAsync(
            () => _jobs.States["job-2"].Contains("Ada", StringComparison.Ordinal), "the client has answered");
        _jobs.States["job-2"] = JobServer.Completed("Ada");
        Assert.Equal(("completed", "Ada"), Of(await ReadAsync(client)));

        await CreatedAsync(client);
        Assert.Equal("cancelled", Of(await ReadAsync(client)).Status);

        await CreatedAsync(client);
        _jobs.States["job-4"] = """ "status":"failed","error":{"code":-32603,"message":"broken"} """;
        Assert.Equal(("failed", "broken"), Of(await ReadAsync(client)));
        Assert.Equal(-32602, (await ReadAsync(client)).GetProperty("unknown").GetInt32());
    }

    [ClusterFact]
    public async Task Approvals_are_decided_by_a_person_only_and_a_killed_gateway_loses_none()
    {
        Bench.Server.Answer = _jobs.AnswerAsync;
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

    private static (string Status, string Text) Of(JsonElement outcome) => (
        outcome.GetProperty("status").GetString()!,
        outcome.TryGetProperty("text", out var text) ? text.GetString()! : "");

    private int Calls(string tool) => JobServer.Calls(Bench.Server, tool);
}
