namespace Gateway.Server.Tests.Commands;

/// <summary>Verbs that ask a real server for its tools.</summary>
public sealed class LiveToolsTests : IAsyncLifetime
{
    private AdminBench _bench = null!;
    private Cli _cli = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        _cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Holds_a_policy_against_the_tools_that_the_server_offers()
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "p.json"), """
            { "version": "1", "default": "allow",
              "tools": {
                "list_customer": {},
                "backchannel_resend_otp": { "deny_if": [ { "path": "args.chanel", "op": "eq", "value": "sms" } ] } } }
            """);

        var run = await _cli.RunAsync("policy", "validate", "p.json", "--server", "crm");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("p.json:3:", run.Output, StringComparison.Ordinal);
        Assert.Contains("did you mean \"list_customers\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"args.chanel\" is not an argument of", run.Output, StringComparison.Ordinal);
        Assert.Contains("allows delete_customer", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspects_a_server_and_lists_what_a_grant_may_do()
    {
        var inspected = await _cli.RunAsync("server", "inspect", "crm");
        var listed = await _cli.RunAsync("tools", "list", "--grant", "bot");
        var top = await _cli.RunAsync("top");

        var risk = Regex.Match(listed.Output, @"delete_customer +\w+ +\w+ +(\w+)").Groups[1].Value;
        Assert.Contains(risk, (string[])["High", "Critical"]);
        Assert.Matches($"delete_customer +{risk} ", inspected.Output);
        Assert.Contains("3 per month (lists)", listed.Output, StringComparison.Ordinal);
        Assert.Contains("bot@crm/lists/grant/fixed/month/0", top.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', inspected.Output + listed.Output + top.Output);
    }

    [Fact]
    public async Task Lists_the_tools_of_the_other_servers_and_names_the_silent_one_after_ten_seconds()
    {
        // The gateway has the tools of this server already, so that only the silent one is requested.
        await using var bench = await InventoryBench.StartAsync(
            """{ "version": "1", "default": "allow" }""", TimeSpan.FromDays(1), ChangingServer.Tool("get_customer"));
        await Soon.UntilAsync(async () => (await bench.NamesAsync()).Length == 1, "the first server is listed");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var cli = new Cli(bench.Folder, bench.Address, InventoryBench.Key);
        await cli.RunAsync("server", "add", "a-silent-one", $"http://{silent.LocalEndpoint}/mcp");

        var listed = await cli.RunAsync("tools", "list");

        Assert.Equal(3, listed.ExitCode);
        Assert.Contains("srv     get_customer", listed.Output, StringComparison.Ordinal);
        Assert.Equal(
            "The server a-silent-one did not list its tools within 10 s. To wait longer, use --server a-silent-one.\n",
            listed.Errors);
    }

    [Fact]
    public async Task Exits_with_3_where_the_server_cannot_be_asked()
    {
        await _cli.RunAsync("server", "add", "gone", "http://127.0.0.1:1/mcp");

        Assert.Equal(3, (await _cli.RunAsync("server", "inspect", "gone")).ExitCode);
    }
}
