namespace Gateway.Fleet.Tests;

/// <summary>What one gateway tells the operator of a counter is what the whole fleet has used.</summary>
public class SharedCounterTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "any": { "limits": [ { "counter": "calls", "window": "week", "max": 10 } ] } } }
    """)
{
    [Trait("run", "full")]
    [ClusterFact]
    public async Task Any_gateway_shows_the_usage_of_all_and_resets_it_for_all()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        await using var second = await Bench.StartAsMemberAsync("second");
        Assert.Equal("0", await UsedAsync(second.Process));

        for (var i = 0; i < 3; i++)
            await AdmittedAsync(first);
        await AdmittedAsync(second);

        Assert.Equal("4", await UsedAsync(first.Process));
        Assert.Equal("4", await UsedAsync(second.Process));
        await first.Agent("any").ExhaustAsync(20);
        Assert.Equal("10", await UsedAsync(second.Process));
        Assert.Equal(10, Bench.Server.Requests.Count);

        var key = new JsonObject { ["key"] = (string?)(await CounterAsync(second.Process))["key"] };
        using var reset = await new Operator(second.Process).SendAsync(HttpMethod.Post, "counters/reset", key);
        await Soon.UntilAsync(async () => await UsedAsync(first.Process) == "0", "the reset is heard of");
        await first.Agent("any").ExhaustAsync(20);
        Assert.Equal(20, Bench.Server.Requests.Count);
    }

    [ClusterFact]
    public async Task Adds_up_at_any_gateway_what_all_of_them_have_let_through_and_says_which_one_has_ended()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        await using var second = await Bench.StartAsMemberAsync("second");
        for (var i = 0; i < 3; i++)
            await AdmittedAsync(first);
        await AdmittedAsync(second);
        var served = Bench.Server.Requests.Count;

        await Soon.UntilAsync(async () => await AllowedAsync(first.Process) == served, "the first adds up all");
        await Soon.UntilAsync(async () => await AllowedAsync(second.Process) == served, "the second does too");

        first.Process.Terminate();
        await first.Process.WaitForExitAsync();
        using var response = await new Operator(second.Process).SendAsync(HttpMethod.Get, "usage?since=30m");
        var usage = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(served, (int)usage["calls"]! - (int)usage["refused"]!);
        Assert.Equal(
            ["ended", "present"],
            usage["frontends"]!.AsArray().Select(static one => (string)one!["state"]!).Order());
    }

    private static async Task<int> AllowedAsync(GatewayProcess gateway)
    {
        using var response = await new Operator(gateway).SendAsync(HttpMethod.Get, "usage?since=30m");
        var usage = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (int)usage["calls"]! - (int)usage["refused"]!;
    }

    /// <summary>One call; asked again while a busy machine starves the gateway of its database.</summary>
    private static Task AdmittedAsync(FleetMember member)
    {
        var agent = member.Agent("any");
        return Soon.UntilAsync(async () => await agent.CallAsync() == CallOutcome.Admitted, "a call is let through");
    }

    private static async Task<string?> UsedAsync(GatewayProcess gateway) =>
        (string?)(await CounterAsync(gateway))["used"];

    private static async Task<JsonNode> CounterAsync(GatewayProcess gateway)
    {
        using var response = await new Operator(gateway).SendAsync(HttpMethod.Get, "counters?grant=agent");
        return Assert.Single(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]!.AsArray())!;
    }
}
