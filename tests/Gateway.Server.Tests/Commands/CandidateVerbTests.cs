namespace Gateway.Server.Tests.Commands;

public sealed class CandidateVerbTests
{
    private const string Tighter = """
        {
          "version": "1", "default": "deny",
          "tools": { "list_customers": { "limits": [ { "counter": "lists", "window": "month", "max": 1 } ] } }
        }
        """;

    [Fact]
    public async Task An_edit_goes_from_evaluation_over_some_grants_to_all()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);

        var none = await cli.RunAsync("policy", "candidate", "show", "limited");
        Assert.NotEqual(0, none.ExitCode);
        var set = await cli.RunAsync("policy", "candidate", "set", "limited", file, "--reason", "fewer lists");
        Assert.True(set.ExitCode == 0, set.Errors);
        await bench.CallAsync(token);
        await bench.CallAsync(token);

        var evaluation = await cli.RunAsync("policy", "candidate", "verdicts", "limited");
        Assert.Contains(
            "2 evaluated: 1 unchanged, 1 changed, 0 undetermined", evaluation.Output, StringComparison.Ordinal);
        var rows = await cli.RunAsync(
            "policy", "candidate", "verdicts", "limited", "--by", "transition", "--output", "csv");
        Assert.Contains(
            "allowed → rate_limited,0,1,0,1 allowed → rate_limited,", rows.Output, StringComparison.Ordinal);
        var figures = await cli.RunAsync("policy", "candidate", "verdicts", "limited", "--output", "json");
        var byGrant = JsonNode.Parse(figures.Output)!["byGrant"]!.AsArray().Single()!;
        Assert.Equal(
            ("bot", 1, 1, 1),
            ((string?)byGrant["name"], (int)byGrant["same"]!, (int)byGrant["changed"]!,
                byGrant["samples"]!.AsArray().Count));
        var wrong = await cli.RunAsync("policy", "candidate", "grants", "limited", "bto");
        Assert.Contains("bot", wrong.Errors, StringComparison.Ordinal);
        var grants = await cli.RunAsync("policy", "candidate", "grants", "limited", "bot");
        Assert.Contains("decides for bot", grants.Output, StringComparison.Ordinal);
        Assert.True((await bench.CallAsync(token)).IsError);
        var shown = await cli.RunAsync("policy", "candidate", "show", "limited");
        Assert.Equal(Tighter, shown.Output.TrimEnd());
        Assert.Contains("decides for bot", shown.Errors, StringComparison.Ordinal);

        var shared = await cli.RunAsync("policy", "candidate", "grants", "limited", "--sessions", "100");
        Assert.Contains("decides for 100 % of the sessions", shared.Output, StringComparison.Ordinal);
        Assert.True((await bench.CallAsync(token)).IsError);
        var both = await cli.RunAsync("policy", "candidate", "grants", "limited", "bot");
        Assert.Contains("decides for bot, 100 % of the sessions", both.Output, StringComparison.Ordinal);
        var alone = await cli.RunAsync("policy", "candidate", "grants", "limited", "bot", "--sessions", "0");
        Assert.Contains("decides for bot, from", alone.Output, StringComparison.Ordinal);

        var promoted = await cli.RunAsync("policy", "candidate", "promote", "limited");
        Assert.True(promoted.ExitCode == 0, promoted.Errors);
        Assert.Matches("promote, active.+fewer lists", (await cli.RunAsync("policy", "versions", "limited")).Output);
        Assert.NotEqual(0, (await cli.RunAsync("policy", "candidate", "remove", "limited")).ExitCode);
        var diff = await cli.RunAsync("policy", "diff", "1", "2", "--versions-of", "limited");
        Assert.Equal(1, diff.ExitCode);
        Assert.Contains("tighter", diff.Output, StringComparison.Ordinal);
        var missing = await cli.RunAsync("policy", "diff", "1", "3", "--versions-of", "limited");
        Assert.Contains("There is no version 3", missing.Errors, StringComparison.Ordinal);
        var restored = await cli.RunAsync("policy", "restore", "limited", "1");
        Assert.Contains("restored to version 1", restored.Output, StringComparison.Ordinal);
    }
}
