namespace Gateway.Fleet.Tests;

/// <summary>
/// Tasks of a server, created through one frontend and used through another, also after the first was killed.
/// </summary>
public class SharedServerTaskTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "job": {}, "place": { "max_in_flight": { "max": 1 } },
      "paid": { "limits": [ { "counter": "paid", "window": "month", "max": 1, "refund_on_error": true } ] },
      "sign": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" } } } }
    """)
{
    private protected JobServer Jobs { get; } = new();

    [ClusterFact]
    public async Task A_task_is_updated_and_canceled_at_another_frontend_and_outlives_its_own()
    {
        Bench.Server.Answer = Jobs.AnswerAsync;
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var task = await CreateAsync(first, "job");
        var canceled = await CreateAsync(first, "job");
        Assert.Equal("working", await StatusAsync(second, task));

        Jobs.States["job-1"] =
            """ "status":"input_required","inputRequests":{"who":{"method":"roots/list","params":{} } } """;
        Assert.Equal("input_required", await StatusAsync(second, task));
        await SharedTaskTests.SendAsync(
            second, "tasks/update", $$$"""{"taskId":"{{{task}}}","inputResponses":{"who":{"roots":[]} } }""", task);
        Assert.Equal("working", await StatusAsync(first, task));
        await SharedTaskTests.SendAsync(second, "tasks/cancel", $$"""{"taskId":"{{canceled}}"}""", canceled);
        Assert.Equal("cancelled", await StatusAsync(first, canceled));

        await first.KillAsync();
        await first.DisposeAsync();
        Assert.Equal("working", await StatusAsync(second, task));
        Jobs.States["job-1"] = JobServer.Completed("done");

        foreach (var path in (string[])["/mcp/srv", "/mcp"])
            Assert.Equal("done", await SharedTaskTests.EndAsync(second, task, path: path));
        Assert.Equal(2, Calls("job"));
    }

    [ClusterFact]
    public async Task A_place_is_held_while_the_task_works_and_is_not_free_at_once_when_its_frontend_is_killed()
    {
        Bench.Server.Answer = Jobs.AnswerAsync;
        var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        await CreateAsync(first, "place");
        Assert.True(await IsRefusedAsync(second, "place"));

        Jobs.States["job-1"] = JobServer.Completed("done");
        await Soon.UntilAsync(async () => !await IsRefusedAsync(second, "place"), "the place is free");
        Assert.True(await IsRefusedAsync(first, "place"));

        Jobs.States["job-2"] = """ "status":"cancelled" """;
        await Soon.UntilAsync(async () => !await IsRefusedAsync(first, "place"), "the place is free again");
        await first.KillAsync();
        await first.DisposeAsync();
        // The place expires later: the server may still be working.
        Assert.True(await IsRefusedAsync(second, "place"));
        Assert.Equal(3, Calls("place"));
    }

    [ClusterFact]
    public async Task A_refundable_limit_is_counted_once_and_refunded_once_and_not_after_a_kill()
    {
        Bench.Server.Answer = Jobs.AnswerAsync;
        await using var first = await Bench.StartAsMemberAsync("first");
        await using var second = await Bench.StartAsMemberAsync("second");
        var task = await CreateAsync(first.Process, "paid");
        // Requests about the task do not count.
        for (var polls = 0; polls < 3; polls++)
            Assert.Equal("working", await StatusAsync(second.Process, task));
        Assert.True(await IsRefusedAsync(second.Process, "paid"));

        Jobs.States["job-1"] = """ "status":"failed","error":{"code":-32603,"message":"broken"} """;
        await Soon.UntilAsync(async () => !await IsRefusedAsync(second.Process, "paid"), "the call is refunded");

        // The second call holds the only number, and the first gives nothing back again.
        Assert.Equal("failed", await StatusAsync(first.Process, task));
        Assert.True(await IsRefusedAsync(first.Process, "paid"));
        Assert.True(await IsRefusedAsync(second.Process, "paid"));
        await Soon.UntilAsync(() => Counted(first).Count == 1, "the end is on record");
        Assert.Equal(["refunded"], Counted(first));

        // The frontend that would have refunded the second call is gone, so that call counts.
        await second.Process.KillAsync();
        Jobs.States["job-2"] = """ "status":"failed","error":{"code":-32603,"message":"broken"} """;
        Assert.True(await IsRefusedAsync(first.Process, "paid"));
        Assert.Equal(2, Calls("paid"));
    }

    private protected static async Task<string> CreateAsync(GatewayProcess gateway, string tool)
    {
        var created = await CallAsync(gateway, tool);
        Assert.True(created.TryGetProperty("taskId", out var task), created.GetRawText());
        return task.GetString()!;
    }

    private static async Task<bool> IsRefusedAsync(GatewayProcess gateway, string tool) =>
        !(await CallAsync(gateway, tool)).TryGetProperty("taskId", out _);

    /// <summary>Calls a tool, again while a frontend of a busy machine cannot count in time.</summary>
    private static async Task<JsonElement> CallAsync(GatewayProcess gateway, string tool)
    {
        JsonElement result = default;
        await Soon.UntilAsync(
            async () =>
            {
                result = await SharedTaskTests.SendAsync(
                    gateway, "tools/call", $$$"""{"name":"{{{tool}}}","arguments":{"amount":5}}""", tool);
                return !result.GetRawText().Contains("\"outcome\":\"unavailable\"", StringComparison.Ordinal);
            },
            "the call is counted");
        return result;
    }

    private static async Task<string?> StatusAsync(GatewayProcess gateway, string task) =>
        (await SharedTaskTests.StateAsync(gateway, task)).GetProperty("status").GetString();

    private static List<string?> Counted(FleetMember member) =>
    [
        .. member.Audit.Where(static record => record.GetProperty("kind").GetString() == "outcome"
            && record.TryGetProperty("tool", out _)).Select(static record => record.GetProperty("counted").GetString()),
    ];

    private protected int Calls(string tool) => JobServer.Calls(Bench.Server, tool);
}
