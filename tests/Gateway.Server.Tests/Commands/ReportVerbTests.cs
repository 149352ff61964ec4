namespace Gateway.Server.Tests.Commands;

/// <summary>What <c>gateway report</c> and a query of a whole fleet say.</summary>
public sealed class ReportVerbTests
{
    private const string Config = $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" } }""";

    [Fact]
    public async Task Says_what_was_called_and_refused_as_text_JSON_and_a_page()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        for (var i = 0; i < 5; i++)
            await bench.CallAsync(token);
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);
        var page = bench.Folder + "/report.html";

        var text = await cli.RunAsync("report", "--since", "30d");
        var json = await cli.RunAsync("report", "--json", "--html", page);

        Assert.Equal((0, 0), (text.ExitCode, json.ExitCode));
        Assert.Contains("5 calls, 2 refused; 2 rate_limited", text.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^bot +crm +lists +2 +100", text.Output);
        var report = JsonNode.Parse(json.Output)!;
        Assert.Equal((5, 2), ((int)report["calls"]!, (int)report["refused"]!));
        var limit = Assert.Single(report["limits"]!.AsArray())!;
        Assert.Equal(("lists", 3, 2), ((string?)limit["counter"], (int)limit["calls"]!, (int)limit["refused"]!));
        Assert.Equal("crm/list_customers", (string?)report["tools"]![0]!["name"]);
        Assert.Contains("<td>crm/list_customers</td><td>5</td><td>2</td>", File.ReadAllText(page),
            StringComparison.Ordinal);
        var piped = await cli.RunAsync("report", "--html", "-");
        Assert.StartsWith("<!doctype html", piped.Output, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("</html>", piped.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_all_frontends_alike_and_names_the_one_that_is_away()
    {
        await using var one = await AdminBench.StartAsync(Config);
        await using var other = await AdminBench.StartAsync(Config);
        await CallAsync(one, 2);
        await CallAsync(other, 3);
        var cli = new Cli(one.Folder, new Uri("http://127.0.0.1:1"), AdminBench.ConfiguredKey);
        var all = $"{one.Host.Addresses[0]},{other.Host.Addresses[0]},http://127.0.0.1:1";

        var report = await cli.RunAsync("report", "--frontends", all, "--json");
        var query = await cli.RunAsync("audit", "query", "--frontends", all, "--kind", "decision", "--json");
        var cut = await cli.RunAsync("audit", "query", "--frontends", all, "--kind", "decision", "--limit", "4");
        var none = await cli.RunAsync("report", "--frontends", "http://127.0.0.1:1");

        Assert.Equal((0, 0, 0, 3), (report.ExitCode, query.ExitCode, cut.ExitCode, none.ExitCode));
        var found = JsonNode.Parse(report.Output)!;
        Assert.Equal(5, (int)found["calls"]!);
        Assert.Equal("http://127.0.0.1:1/", (string?)Assert.Single(found["away"]!.AsArray())!["gateway"]);
        Assert.Contains("http://127.0.0.1:1/ did not respond", report.Errors, StringComparison.Ordinal);
        var lines = query.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
            JsonNode.Parse(line)!).ToList();
        Assert.Equal(("answer", 5, 1),
            ((string?)lines[0]["kind"], (int)lines[0]["shown"]!, lines[0]["away"]!.AsArray().Count));
        var times = lines.Skip(1).Select(static line => (string?)line["time"]).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Contains("4 of 5 shown", cut.Errors, StringComparison.Ordinal);
        Assert.Contains("no frontend responded", none.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is not a time", "--since", "soon")]
    [InlineData("must be before", "--since", "1d", "--until", "2d")]
    [InlineData("is not an address", "--frontends", "10.0.0.7")]
    [InlineData("cannot be written", "--html", "/none/report.html")]
    public async Task Says_what_is_wrong(string message, params string[] arguments)
    {
        await using var bench = await AdminBench.StartAsync();

        var run = await new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey)
            .RunAsync(["report", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    private static async Task CallAsync(AdminBench bench, int calls)
    {
        var token = await bench.ProvideAsync();
        for (var i = 0; i < calls; i++)
            await bench.CallAsync(token);
    }
}
