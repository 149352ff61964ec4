namespace Gateway.Server.Tests.Commands;

/// <summary><c>gateway tools call</c> as its own process, through the policy of a grant.</summary>
public sealed class ToolsCallTests
{
    [Fact]
    public async Task The_policy_decides_and_the_limit_counts()
    {
        await using var bench = await AdminBench.StartAsync();
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]));
        cli.Environment["GATEWAY_TOKEN"] = await bench.ProvideAsync();

        var first = await cli.RunAsync("tools", "call", "crm", "list_customers");
        var json = JsonNode.Parse((await cli.RunAsync(
            "tools", "call", "crm", "list_customers", """{ "city": "Porto" }""", "--output", "json")).Output)!;
        await cli.RunAsync("tools", "call", "crm", "list_customers");
        var limited = await cli.RunAsync("tools", "call", "crm", "list_customers");
        var denied = await cli.RunAsync("tools", "call", "crm", "delete_customer");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.NotEqual("", first.Output.Trim());
        Assert.Equal("text", (string?)json["content"]![0]!["type"]);
        Assert.Equal((1, ""), (limited.ExitCode, limited.Errors));
        Assert.Contains("3", limited.Output, StringComparison.Ordinal);
        Assert.Equal(1, denied.ExitCode);
        Assert.Equal(3, bench.Server.Calls["list_customers"]);
    }

    [Theory]
    [InlineData(2, "must be a JSON object", "[1]")]
    [InlineData(2, "not a valid JSON object", "{")]
    [InlineData(2, "not a valid JSON object", """{ "a": 1, "a": 2 }""")]
    [InlineData(2, "is not the address of a gateway", "{}", "--gateway", "nowhere")]
    [InlineData(3, "No gateway responds at http://127.0.0.1:1/", "{}", "--gateway", "http://127.0.0.1:1")]
    [InlineData(1, "401", "{}", "--token", "another-token-0123456789")]
    public async Task Says_what_is_wrong(int exitCode, string said, params string[] more)
    {
        await using var bench = await AdminBench.StartAsync();
        var cli = new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]));
        cli.Environment["GATEWAY_TOKEN"] = await bench.ProvideAsync();

        var run = await cli.RunAsync(["tools", "call", "crm", "list_customers", .. more]);

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, bench.Server.Calls["list_customers"]);
    }
}
