namespace Gateway.Fleet.Tests;

/// <summary>Each gateway of a fleet has a record of its own, and a replay reads them as one.</summary>
[Trait("run", "full")]
public sealed class SharedReplayTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "record_arguments": true, "tools": {
          "any": { "limits": [ { "counter": "calls", "window": "week", "max": 10 } ] } } }
        """;

    private const string Tighter = """
        { "version": "1", "default": "deny", "tools": {
          "any": { "deny_if": [ { "path": "args.n", "op": "gt", "value": 5 } ],
            "limits": [ { "counter": "calls", "window": "week", "max": 4 } ] } } }
        """;

    [ClusterFact]
    public async Task Evaluates_the_decisions_of_all_gateways_with_their_recorded_values()
    {
        await using var bench = await FleetBench.StartAsync(Policy);
        await using var first = await bench.StartGatewayAsync();
        await using var second =
            (await bench.StartAsMemberAsync("second", more: ["--fleet", $"{first.Address}"])).Process;
        for (var i = 0; i < 3; i++)
        {
            await CallAsync(first, 1);
            await CallAsync(second, i == 1 ? 9 : 1);
        }

        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, second.Address, FleetBench.AdminKey);
        var (edited, same) = (Path.Combine(folder.Path, "edited.json"), Path.Combine(folder.Path, "same.json"));
        await File.WriteAllTextAsync(edited, Tighter);
        await File.WriteAllTextAsync(same, Policy);
        // The one that is named first reads the records of the others, so it is the one that knows its fleet.
        var all = $"{second.Address},{first.Address}";

        // Values are on file a moment after the call.
        JsonObject? report = null;
        await Soon.UntilAsync(
            async () => (int)(report = await ReplayAsync(cli, edited, "--frontends", all))["unknown"]! == 0,
            "all values are there");
        var unchanged = await ReplayAsync(cli, same, "--frontends", all);
        var alone = await cli.RunAsync("audit", "replay", "--policy", edited);

        // The call with 9 is denied, and of the five others one finds no room.
        Assert.Equal((6, 4, 2), ((int)report!["judged"]!, (int)report["same"]!, (int)report["changed"]!));
        Assert.Equal(
            ["denied", "rate_limited"],
            report["changes"]!.AsArray().Select(static change => (string)change!["after"]!["outcome"]!).Order());
        Assert.Equal((6, 6), ((int)unchanged["judged"]!, (int)unchanged["same"]!));
        Assert.Contains("3 evaluated", alone.Output, StringComparison.Ordinal);
        Assert.Contains("records of other frontends are not included", alone.Errors, StringComparison.Ordinal);
    }

    private static async Task CallAsync(GatewayProcess gateway, int n)
    {
        var agent = new Agent(gateway.Client(), "any", new CallHistory("any"), $$"""{ "n": {{n}} }""");
        Assert.Equal(CallOutcome.Admitted, await agent.CallAsync());
    }

    private static async Task<JsonObject> ReplayAsync(Cli cli, string policy, params string[] more)
    {
        var run = await cli.RunAsync(["audit", "replay", "--policy", policy, "--json", .. more]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return JsonNode.Parse(run.Output)!.AsObject();
    }
}
