namespace Gateway.Fleet.Tests;

/// <summary>Each gateway of a fleet answers for its own record, and says so.</summary>
public sealed class OwnRecordTests
{
    [ClusterFact]
    public async Task An_audit_query_says_at_once_that_it_is_of_one_frontend()
    {
        await using var bench = await FleetBench.StartAsync("""{ "version": "1", "default": "allow" }""");
        await using var gateway = await bench.StartGatewayAsync();
        var grant = await TestGrant.MakeAsync(gateway, "bot");
        await grant.RevokeAsync();
        using var folder = new TestFolder();
        var cli = new Cli(folder.Path, gateway.Address, FleetBench.AdminKey);

        var text = await cli.RunAsync("audit", "query", "--kind", "change");
        var json = await cli.RunAsync("audit", "query", "--kind", "change", "--json");
        var tail = await cli.RunAsync("audit", "tail");

        var answer = JsonNode.Parse(json.Output.Split('\n')[0])!;
        Assert.Matches($@"^{Environment.MachineName} \([0-9a-f]{{6}}\)$", (string?)answer["frontend"]);
        var said = $"These are only the records of the frontend {answer["frontend"]}. To include the others, name all "
            + "frontends with --frontends.";
        Assert.Equal((0, said), (text.ExitCode, text.Errors.Trim()));
        Assert.StartsWith(said, tail.Errors, StringComparison.Ordinal);
        Assert.Contains("revoke grants/bot", text.Output, StringComparison.Ordinal);
        Assert.Equal(("answer", true), ((string?)answer["kind"], (bool)answer["others"]!));
    }
}
