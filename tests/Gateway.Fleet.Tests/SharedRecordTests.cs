namespace Gateway.Fleet.Tests;

/// <summary>A fleet of three that ship to one table: any of them answers for all, also for one that is gone.</summary>
public sealed class SharedRecordTests
{
    private const string Policy = """{ "version": "1", "default": "allow" }""";

    [ClusterFact]
    public async Task Any_gateway_answers_for_all_of_them_also_for_one_that_was_killed()
    {
        await using var bench = await FleetBench.StartAsync(Policy);
        using var folder = new TestFolder();
        var sinks = Path.Combine(folder.Path, "sinks.json");
        await File.WriteAllTextAsync(sinks, new JsonObject
        {
            ["all"] = new JsonObject
            {
                ["kind"] = "postgres",
                ["url"] = WithoutPassword(bench.Database.Url(), folder.Path),
                ["token_file"] = "password",
                ["on_full"] = "block",
            },
        }.ToJsonString());
        await using var first = await bench.StartAsMemberAsync("first", more: ["--audit-sinks", sinks]);
        await using var second = await bench.StartAsMemberAsync("second", more: ["--audit-sinks", sinks]);
        await using var killed = await bench.StartAsMemberAsync("killed", more: ["--audit-sinks", sinks]);
        foreach (var member in (FleetMember[])[first, second, killed])
        {
            for (var i = 0; i < 3; i++)
                Assert.Equal(CallOutcome.Admitted, await member.Agent("any").CallAsync());
        }

        var cli = new Cli(folder.Path, second.Process.Address, FleetBench.AdminKey);
        string[] query = ["audit", "query", "--kind", "decision", "--shared"];
        await Soon.UntilAsync(
            async () => (await cli.RunAsync([.. query, "--json"])).Output.Split("\"kind\":\"decision\"").Length == 10,
            "all decisions are in the table");
        await killed.Process.KillAsync();

        var text = await cli.RunAsync(query);
        var cut = await cli.RunAsync([.. query, "--limit", "4"]);
        var own = await cli.RunAsync("audit", "query", "--kind", "decision");
        var both = await cli.RunAsync([.. query, "--frontends", $"{first.Process.Address}"]);

        Assert.Equal((0, ""), (text.ExitCode, text.Errors));
        Assert.Equal(9, text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("4 of 9 shown", cut.Errors, StringComparison.Ordinal);
        Assert.Equal(3, own.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("omit --frontends", both.Errors, StringComparison.Ordinal);

        var report = await cli.RunAsync("report", "--since", "1h", "--shared");
        Assert.Contains("from the records of all gateways that ship to all", report.Output, StringComparison.Ordinal);
        Assert.Contains("9 calls, 0 refused", report.Output, StringComparison.Ordinal);
        Assert.Contains("sink all ", (await cli.RunAsync("status")).Output, StringComparison.Ordinal);

        await bench.Database.StopAsync("immediate");
        var away = await cli.RunAsync(query);
        Assert.Equal(3, away.ExitCode);
        Assert.Contains("does not respond", away.Errors, StringComparison.Ordinal);
        Assert.Equal(3, (await cli.RunAsync("report", "--shared")).ExitCode);
        await bench.Database.StartAsync();
    }

    /// <summary>The password goes into a file of its own, as operators are told.</summary>
    private static string WithoutPassword(string url, string folder)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = url.IndexOf('@', StringComparison.Ordinal);
        var user = url[scheme..at].Split(':');
        File.WriteAllText(Path.Combine(folder, "password"), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "");
        return url[..scheme] + user[0] + url[at..];
    }
}
