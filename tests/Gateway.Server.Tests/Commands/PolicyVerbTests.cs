namespace Gateway.Server.Tests.Commands;

/// <summary>The verbs that need no gateway.</summary>
public sealed class PolicyVerbTests : IDisposable
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "tools": { "pay": { "deny_if": [ { "path": "args.amount", "op": "gt", "value": 10, "reason": "Too much" } ] } } }
        """;

    private readonly TestFolder _folder = new("gateway-verbs-");
    private readonly Cli _cli;

    public PolicyVerbTests()
    {
        _cli = new Cli(_folder.Path);
        Write("p.json", Policy);
    }

    [Fact]
    public async Task Says_where_a_policy_is_wrong_and_exits_with_1()
    {
        Write("wrong.json", "{ \"version\": \"1\",\n  \"default\": \"maybe\" }");

        var run = await _cli.RunAsync("policy", "validate", "wrong.json");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("wrong.json:2:", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _cli.RunAsync("policy", "validate", "p.json")).ExitCode);
        Assert.Equal(2, (await _cli.RunAsync("policy", "validate", "nowhere.json")).ExitCode);
    }

    [Fact]
    public async Task Explains_a_denial_step_by_step()
    {
        var run = await _cli.RunAsync("policy", "explain", "p.json", "pay", "--args", """{"amount": 11}""", "--json");

        Assert.Equal(1, run.ExitCode);
        var json = JsonNode.Parse(run.Output)!;
        Assert.Equal("/tools/pay/deny_if/0", (string?)json["rule"]);
        Assert.Equal(
            ["hide", "entry", "names", "numbers", "condition"],
            json["steps"]!.AsArray().Select(step => (string)step!["step"]!));
        Assert.Equal(0, (await _cli.RunAsync("policy", "explain", "p.json", "pay", "--args", "{}")).ExitCode);
        Assert.Equal(2, (await _cli.RunAsync("policy", "explain", "p.json", "pay", "--args", "[]")).ExitCode);
    }

    [Fact]
    public async Task Explains_and_tests_a_call_of_a_caller()
    {
        const string ana = """{ "issuer": "corp", "subject": "ana", "claims": { "groups": ["agents"] } }""";
        Write("c.json", """
            { "version": "1", "default": "deny", "tools": { "pay": { "require": [
              { "path": "caller.claims.groups", "op": "has", "value": "agents" } ] } } }
            """);
        Write("ana.json", ana);
        Write("cases.json", $$"""
            { "policy": "c.json", "cases": [ { "tool": "pay", "caller": {{ana}}, "outcome": "allowed" },
                                             { "tool": "pay", "outcome": "denied" } ] }
            """);
        string[] explain = ["policy", "explain", "c.json", "pay"];

        Assert.Equal(1, (await _cli.RunAsync(explain)).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync([.. explain, "--caller", ana])).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync([.. explain, "--caller", "ana.json"])).ExitCode);
        Assert.Equal(2, (await _cli.RunAsync([.. explain, "--caller", "nobody.json"])).ExitCode);
        Assert.Equal(2, (await _cli.RunAsync([.. explain, "--caller", """{ "issuer": "corp" }"""])).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync("policy", "test", "cases.json")).ExitCode);
    }

    [Theory]
    [InlineData("denied", "/tools/pay/deny_if/0", 0)]
    [InlineData("denied", "(default deny)", 1)]
    [InlineData("allowed", null, 1)]
    [InlineData("perhaps", null, 2)]
    public async Task Tests_a_policy_by_its_cases(string outcome, string? rule, int exitCode)
    {
        var one = new JsonObject
        {
            ["tool"] = "pay",
            ["args"] = new JsonObject { ["amount"] = 11 },
            ["outcome"] = outcome,
        };
        if (rule is not null)
            one["rule"] = rule;
        Write("cases.json", new JsonObject { ["policy"] = "p.json", ["cases"] = new JsonArray(one) }.ToJsonString());

        Assert.Equal(exitCode, (await _cli.RunAsync("policy", "test", "cases.json")).ExitCode);
    }

    [Theory]
    [InlineData("2026-11-20T12:00:00Z", "allowed", 0)]
    [InlineData("2026-11-21T12:00:00Z", "denied", 1)]
    [InlineData("2026-11-20", "denied", 1)]
    [InlineData("noon", null, 2)]
    public async Task Explains_and_tests_a_call_at_a_time_of_its_own(string at, string? outcome, int exitCode)
    {
        Write("t.json", """
            { "version": "1", "default": "deny", "tools": { "pay": { "require": [
              { "time": { "zone": "UTC", "days": ["mon-fri"], "hours": ["09:00-18:00"] } } ] } } }
            """);
        Write("cases.json", $$"""
            { "policy": "t.json", "cases": [ { "tool": "pay", "at": "{{at}}", "outcome": "{{outcome ?? "allowed"}}" },
                                             { "tool": "pay", "outcome": "denied" } ] }
            """);

        Assert.Equal(exitCode, (await _cli.RunAsync("policy", "explain", "t.json", "pay", "--at", at)).ExitCode);
        Assert.Equal(
            outcome is null ? 2 : 0, (await _cli.RunAsync("policy", "test", "cases.json")).ExitCode);
    }

    [Fact]
    public async Task Exits_with_3_where_no_gateway_answers_and_says_how_to_start_one()
    {
        var run = await _cli.RunAsync("grant", "list");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("gateway run", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grant")]
    [InlineData("grant", "creat")]
    [InlineData("completion", "tcsh")]
    [InlineData("server", "list", "--gateway", "nonsense")]
    public async Task Exits_with_2_on_a_wrong_command_line(params string[] arguments) =>
        Assert.Equal(2, (await _cli.RunAsync(arguments)).ExitCode);

    [Theory]
    [InlineData("bash", "complete -F")]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -c gateway")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public async Task Prints_a_completion_script(string shell, string said)
    {
        var run = await _cli.RunAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_export_prints_the_rules_of_one_job_and_the_dashboard()
    {
        var rules = await _cli.RunAsync("alerts", "export");
        var renamed = await _cli.RunAsync("alerts", "export", "--job", "mcp");
        var dashboard = await _cli.RunAsync("alerts", "export", "--dashboard");
        var wrong = await _cli.RunAsync("alerts", "export", "--job", "a\"b");

        Assert.Contains("alert: GatewayDown", rules.Output, StringComparison.Ordinal);
        Assert.Contains("record: gateway:messages:rate5m", rules.Output, StringComparison.Ordinal);
        Assert.Equal(
            Regex.Count(rules.Output, @"job=\\?""policy-gateway"),
            Regex.Count(renamed.Output, @"job=\\?""mcp"));
        Assert.DoesNotMatch(@"job=\\?""policy-gateway", renamed.Output);
        using var json = JsonDocument.Parse(dashboard.Output);
        Assert.Equal("policy-gateway", json.RootElement.GetProperty("uid").GetString());
        Assert.Equal(2, wrong.ExitCode);
    }

    [Fact]
    public async Task Says_what_can_come_next()
    {
        const string line = "gateway grant ";
        var run = await _cli.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Contains("revoke", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);
}
