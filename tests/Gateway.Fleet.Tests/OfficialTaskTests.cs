using Gateway.Server.Tests.Extensions;

namespace Gateway.Fleet.Tests;

/// <summary>
/// The official clients of the extension for tasks (2026-07-28), each request of which goes to the next of three
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
    public Task Tasks_of_a_server_end_as_the_server_says() => EndAsync(TaskClient.TypeScript);

    [ClusterFact]
    public Task Tasks_of_a_server_end_for_the_csharp_client_as_the_server_says() => EndAsync(TaskClient.CSharp);

    [ClusterFact]
    public Task Approvals_are_decided_by_a_person_only_and_a_killed_gateway_loses_none() =>
        DecideAsync(TaskClient.TypeScript);

    [ClusterFact]
    public Task Approvals_of_the_csharp_client_are_decided_by_a_person_only_and_a_killed_gateway_loses_none() =>
        DecideAsync(TaskClient.CSharp);

    private async Task EndAsync(string sdk)
    {
        Bench.Server.Answer = _jobs.AnswerAsync;
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await using var client = Start(
            sdk, [first, second, third], new("job"), new("job"), new("job", Cancel: true), new("job"));

        await client.CreatedAsync();
        _jobs.States["job-1"] = JobServer.Completed("done");
        Assert.Equal(("completed", "done"), Of(await client.ReadAsync()));

        await client.CreatedAsync();
        _jobs.States["job-2"] = """
            "status":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?",
            "requestedSchema":{"type":"object","properties":{"name":{"type":"string"} } } } } }
            """;
        await Soon.UntilAsync(
            () => _jobs.States["job-2"].Contains("Ada", StringComparison.Ordinal), "the client has answered");
        _jobs.States["job-2"] = JobServer.Completed("Ada");
        Assert.Equal(("completed", "Ada"), Of(await client.ReadAsync()));

        await client.CreatedAsync();
        Assert.Equal("cancelled", Of(await client.ReadAsync()).Status);

        await client.CreatedAsync();
        _jobs.States["job-4"] = """ "status":"failed","error":{"code":-32603,"message":"broken"} """;
        Assert.Equal(("failed", "broken"), Of(await client.ReadAsync()));
        Assert.Equal(-32602, (await client.ReadAsync()).GetProperty("unknown").GetInt32());
    }

    private async Task DecideAsync(string sdk)
    {
        Bench.Server.Answer = _jobs.AnswerAsync;
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await using var third = await Bench.StartGatewayAsync();
        await using var client = Start(
            sdk, [first, second, third], new("sign"), new("sign"), new("late"), new("stamp"));

        // Neither a forged answer nor a second decision makes the call twice.
        var task = await client.CreatedAsync();
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
        Assert.Equal(("completed", "signed"), Of(await client.ReadAsync()));
        Assert.Equal(1, Calls("sign"));

        await client.CreatedAsync();
        Assert.Equal(
            HttpStatusCode.OK, await new Operator(second).DenyAsync(await new Operator(second).OpenRequestAsync()));
        Assert.Contains("denied this call", Of(await client.ReadAsync()).Text, StringComparison.Ordinal);

        await client.CreatedAsync();
        Assert.True((await client.ReadAsync()).GetProperty("isError").GetBoolean());
        Assert.Equal((1, 0), (Calls("sign"), Calls("late")));

        await client.CreatedAsync();
        id = await new Operator(second).OpenRequestAsync();
        await first.KillAsync();
        await first.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, await new Operator(third).ApproveAsync(id));
        Assert.Equal(("completed", "signed"), Of(await client.ReadAsync()));
        Assert.Equal(1, Calls("stamp"));
    }

    private static TaskClient Start(string sdk, GatewayProcess[] gateways, params ToolCall[] calls) =>
        TaskClient.Start(sdk, [.. gateways.Select(static one => new Uri(one.Address, "/mcp/srv"))], calls);

    private static (string Status, string Text) Of(JsonElement outcome) => (
        outcome.GetProperty("status").GetString()!,
        outcome.TryGetProperty("text", out var text) ? text.GetString()! : "");

    private int Calls(string tool) => JobServer.Calls(Bench.Server, tool);
}
