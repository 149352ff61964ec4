namespace Gateway.Fleet.Tests;

/// <summary>Two gateways of one store with different configuration files.</summary>
public sealed class FleetConfigTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "any": { "limits": [ { "counter": "calls", "window": "week", "max": 7 } ] } } }
    """)
{
    private const string Smaller = "the smaller maximum holds";
    private const string Refused = "calls that this limit applies to are refused until the files agree";

    [ClusterFact]
    public async Task Different_maxima_hold_the_smaller_one_and_are_reported_until_the_files_agree()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        var (second, config) = await Bench.StartDifferentlyAsync("second", "\"max\": 7", "\"max\": 2");
        await using var _ = second;
        await Soon.UntilAsync(async () => await FleetAsync(first) is not null, "the first sees the other file");
        await Soon.UntilAsync(async () => await FleetAsync(second) is not null, "the second sees the other file");

        var (seen, status) = (await FleetAsync(first), await new Cli(
            first.Data, first.Process.Address, FleetBench.AdminKey).RunAsync("status"));
        await first.Agent("any").ExhaustAsync(20);
        await second.Agent("any").ExhaustAsync(20);

        Assert.Equal(2, Bench.Server.Requests.Count);
        // Of the grants no limit is another: the policy of the same name is.
        Assert.Equal(
            [$"policies/policy {Smaller}"],
            seen!["differences"]!.AsArray().Select(static one => $"{one!["object"]} {one["effect"]}"));
        // A renewed presence begins no other difference.
        Assert.Equal((string?)seen["since"], (string?)(await FleetAsync(first))!["since"]);
        Assert.Contains("configuration files DIFFER since", status.Output, StringComparison.Ordinal);
        Assert.Contains("policies/policy at ", status.Output, StringComparison.Ordinal);
        Assert.Equal("1", await GaugeAsync(first));

        var text = await File.ReadAllTextAsync(config);
        await File.WriteAllTextAsync(config, text.Replace("\"max\": 2", "\"max\": 7", StringComparison.Ordinal));
        await Soon.UntilAsync(async () => await FleetAsync(first) is null, "the first sees that they agree");
        await Soon.UntilAsync(async () => await FleetAsync(second) is null, "the second does too");
        await first.Agent("any").ExhaustAsync(20);
        await second.Agent("any").ExhaustAsync(20);

        Assert.Equal("0", await GaugeAsync(first));
        Assert.Equal(7, Bench.Server.Requests.Count);
    }

    [ClusterFact]
    public async Task Different_windows_refuse_the_limited_calls_at_both_until_one_gateway_ends()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        var (second, _) = await Bench.StartDifferentlyAsync("second", "\"week\"", "\"month\"");
        await using var other = second;
        await Soon.UntilAsync(async () => await FleetAsync(first) is not null, "the first sees the other file");
        await Soon.UntilAsync(async () => await FleetAsync(second) is not null, "the second sees the other file");

        var agent = first.Agent("any");
        await agent.CallAsync();
        await second.Agent("any").CallAsync();

        Assert.Empty(Bench.Server.Requests);
        Assert.Contains("has no such limit (calls/Grant/fixed/week)", agent.Answer, StringComparison.Ordinal);
        Assert.Equal(
            [$"policies/policy {Refused}"],
            (await FleetAsync(first))!["differences"]!.AsArray()
                .Select(static one => $"{one!["object"]} {one["effect"]}"));

        await second.StopAsync();
        await Soon.UntilAsync(async () => await FleetAsync(first) is null, "the first sees that the second ended");
        await first.Agent("any").ExhaustAsync(20);
        Assert.Equal(7, Bench.Server.Requests.Count);
    }

    /// <summary>It ages out after 90 s.</summary>
    [Trait("run", "full")]
    [ClusterFact]
    public async Task A_gateway_that_was_killed_is_no_difference_once_its_presence_ages_out()
    {
        await using var first = await Bench.StartAsMemberAsync("first");
        var (second, _) = await Bench.StartDifferentlyAsync("second", "\"max\": 7", "\"max\": 2");
        await using var other = second;
        await Soon.UntilAsync(async () => await FleetAsync(first) is not null, "the first sees the other file");

        await second.Process.KillAsync();
        await Soon.UntilAsync(async () => await FleetAsync(first) is null, "the killed one ages out");
        await first.Agent("any").ExhaustAsync(20);

        Assert.Equal(7, Bench.Server.Requests.Count);
    }

    /// <summary>The member <c>fleet</c> of the status; null while the files agree.</summary>
    private static async Task<JsonNode?> FleetAsync(FleetMember member)
    {
        using var response = await new Operator(member.Process).SendAsync(HttpMethod.Get, "status");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["fleet"];
    }

    private static async Task<string> GaugeAsync(FleetMember member)
    {
        using var client = member.Process.Client();
        var lines = (await client.GetStringAsync(new Uri(member.Process.Address, "/metrics"))).Split('\n');
        return Assert.Single(
                lines, static line => line.StartsWith("gateway_fleet_config_differs", StringComparison.Ordinal))
            .Split(' ')[^1];
    }
}
