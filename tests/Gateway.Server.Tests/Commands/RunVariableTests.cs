namespace Gateway.Server.Tests.Commands;

/// <summary>Options of <c>gateway run</c> that stand in the environment.</summary>
public sealed class RunVariableTests : IDisposable
{
    private readonly TestFolder _folder = new("gateway-variable-");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GATEWAY_WINDOWS", "stict", "GATEWAY_WINDOWS \"stict\" is not one of default, strict.")]
    [InlineData("GATEWAY_IO", "fast", "GATEWAY_IO \"fast\" is not one of default, inline.")]
    [InlineData("GATEWAY_PROGRAMS_MAX", "0", "GATEWAY_PROGRAMS_MAX=0 is invalid: it must be 1 or more.")]
    [InlineData("GATEWAY_COUNTERS_MAX", "999", "GATEWAY_COUNTERS_MAX=999 is invalid: it must be 1,000 or more.")]
    [InlineData("GATEWAY_SERVER_WAIT", "0", "GATEWAY_SERVER_WAIT=0 is invalid: it must be 1 s to 300.")]
    [InlineData("GATEWAY_LINGER", "soon",
        "GATEWAY_LINGER \"soon\" is not a length such as 2s or 1m, or seconds such as 0.5; 0 to 3600 seconds.")]
    [InlineData("GATEWAY_AUDIT_AGE", "long",
        "GATEWAY_AUDIT_AGE \"long\" is not a valid age of audit records: write a length such as 30d, or never")]
    [InlineData("GATEWAY_AUDIT_BYTES", "12",
        "GATEWAY_AUDIT_BYTES \"12\" is not a valid size of an audit log: write 500MB, 20GB or a number of bytes, "
            + "at least 1048576")]
    [InlineData("GATEWAY_AUDIT_ON_FULL", "stop", "GATEWAY_AUDIT_ON_FULL \"stop\" is not one of rotate, deny.")]
    [InlineData("GATEWAY_TLS_KEY", "key.pem", "--tls-key needs --tls-cert.")]
    [InlineData("GATEWAY_ON_CONTROL_LOSS", "last-known:30s",
        "--on-control-loss needs a shared store: set --store too.")]
    [InlineData("GATEWAY_LISTEN", "8080",
        "gateway cannot start: cannot listen on \"8080\": an address must look like http://127.0.0.1:8080")]
    public async Task Refuses_a_value_that_is_wrong(string variable, string value, string said)
    {
        var run = await new Cli(_folder.Path) { Environment = { [variable] = value } }.RunAsync("run");

        Assert.Equal((2, said), (run.ExitCode, run.Errors.ReplaceLineEndings("\n").Split('\n')[0]));
    }

    [Fact]
    public async Task Takes_what_they_say_where_the_command_line_says_nothing()
    {
        var environment = new Dictionary<string, string>
        {
            ["GATEWAY_LISTEN"] = "no address",
            ["GATEWAY_PROGRAMS_MAX"] = "7",
            ["GATEWAY_WINDOWS"] = "strict",
            ["GATEWAY_LINGER"] = "",
        };

        await using var gateway = await GatewayProcess.StartAsync(
            TestConfig.Write(_folder.Path, "http://127.0.0.1:1/mcp", """{ "version": "1", "default": "deny" }"""),
            Path.Combine(_folder.Path, "data"), environment);

        await gateway.SaysAsync("windows strict, io default, programs at most 7");
        await gateway.SaysAsync("linger 2 s");
    }

    [Fact]
    public async Task Says_afterwards_where_each_value_came_from()
    {
        const string key = "test-admin-key-0123456789";
        var environment = new Dictionary<string, string> { ["GATEWAY_PROGRAMS_MAX"] = "7" };
        await using var gateway = await GatewayProcess.StartAsync(
            TestConfig.Write(
                _folder.Path, "http://127.0.0.1:1/mcp", """{ "version": "1", "default": "deny" }""",
                $$""", "admin": { "key": "{{key}}" }"""),
            Path.Combine(_folder.Path, "data"), environment, "--linger", "3s");
        var cli = new Cli(_folder.Path, gateway.Address, key);

        var json = JsonNode.Parse((await cli.RunAsync("config", "show", "--json")).Output)!;
        var given = await cli.RunAsync("config", "show", "--given");

        var settings = json["settings"]!.AsArray().ToDictionary(
            static one => (string)one!["name"]!,
            static one => ((string?)one!["value"], (string?)one["source"]));
        Assert.Equal(("7", "GATEWAY_PROGRAMS_MAX"), settings["--programs-max"]);
        Assert.Equal(("3s", "command line"), settings["--linger"]);
        Assert.Equal(("default", "default"), settings["--windows"]);
        Assert.Equal((null, "default"), settings["--store"]);
        Assert.Equal(("http://127.0.0.1:0", "command line"), settings["--listen"]);
        Assert.Equal(
            ["servers 1 0", "policies 1 0", "grants 4 0"],
            json["objects"]!.AsArray().Select(static one => $"{one!["kind"]} {one["file"]} {one["stored"]}"));
        Assert.Contains(
            json["file"]!["members"]!.AsArray(),
            static one => (string?)one!["pointer"] == "/admin/key" && (string?)one["value"] == "(not shown)");
        Assert.Contains($"{json["file"]!["path"]}:1", given.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, given.Output + json, StringComparison.Ordinal);
        Assert.DoesNotContain("--windows", given.Output, StringComparison.Ordinal);
        Assert.Contains("--programs-max", given.Output, StringComparison.Ordinal);
    }
}
