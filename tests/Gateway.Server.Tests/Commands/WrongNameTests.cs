using Gateway.Server.Tests.Admin;

namespace Gateway.Server.Tests.Commands;

/// <summary>What a hand gets wrong: names, times, and options that contradict each other.</summary>
public sealed class WrongNameTests : IAsyncLifetime
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

    [Theory]
    [InlineData("grant \"bott\"", "bot", "grant list", "grant", "pause", "bott")]
    [InlineData("grant \"bott\"", "bot", "grant list", "grant", "revoke", "bott")]
    [InlineData("grant \"bott\"", "bot", "grant list", "grant", "show-config", "bott")]
    [InlineData("grant \"bott\"", "bot", "grant list", "counter", "list", "--grant", "bott")]
    [InlineData("server \"crmm\"", "crm", "server list", "counter", "list", "--server", "crmm")]
    [InlineData("grant \"bott\"", "bot", "grant list", "tools", "list", "--grant", "bott")]
    [InlineData("server \"crmm\"", "crm", "server list", "tools", "list", "--server", "crmm")]
    [InlineData("server \"crmm\"", "crm", "server list", "server", "inspect", "crmm")]
    [InlineData("server \"cmr\"", "crm", "server list", "grant", "create", "new", "--server", "cmr=limited")]
    [InlineData("policy \"limit\"", "limited", "policy list", "grant", "create", "new", "--server", "crm=limit")]
    [InlineData("counter \"bot@crm/list/grant/fixed/month/0\"", "bot@crm/lists/grant/fixed/month/0", "counter list",
        "counter", "show", "bot@crm/list/grant/fixed/month/0")]
    [InlineData("counter \"bot@crm/list/grant/fixed/month/0\"", "bot@crm/lists/grant/fixed/month/0", "counter list",
        "counter", "reset", "bot@crm/list/grant/fixed/month/0")]
    public async Task Says_that_a_name_does_not_exist_in_one_shape(
        string what, string meant, string list, params string[] arguments)
    {
        var run = await _cli.RunAsync(arguments);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"There is no {what}; did you mean \"{meant}\"?\nSee: gateway {list}\n",
            run.Errors.ReplaceLineEndings("\n").Replace("Asking crmm for its tools …\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refuses_one_server_with_two_policies()
    {
        var run = await _cli.RunAsync("grant", "create", "new", "--server", "crm=limited", "--server", "crm=other");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--server crm is given twice", run.Errors, StringComparison.Ordinal);
        Assert.Equal(404, (await _bench.SendAsync("GET", "grants/new")).Status);
    }

    [Theory]
    [InlineData("2020-01-01", "in the past")]
    [InlineData("2020-01-01T00:00:00+02:00", "in the past")]
    [InlineData("2w", "30d")]
    [InlineData("0d", "30d")]
    [InlineData("99999999d", "30d")]
    [InlineData("tomorrow", "30d")]
    [InlineData("05/06/2027", "30d")]
    [InlineData("", "30d")]
    public async Task Refuses_an_end_that_is_past_or_no_time(string expires, string said)
    {
        var run = await _cli.RunAsync("grant", "create", "new", "--server", "crm=limited", "--expires", expires);
        var body = AdminBench.GrantBody("new");
        body["expires"] = expires;
        var reply = await _bench.SendAsync("POST", "grants", body);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(422, reply.Status);
        Assert.Contains(said, (string?)reply.Json!["detail"], StringComparison.Ordinal);
        Assert.Equal("/expires", (string?)reply.Json["errors"]![0]!["pointer"]);
        Assert.Equal(404, (await _bench.SendAsync("GET", "grants/new")).Status);
    }

    [Fact]
    public async Task Takes_a_length_of_time_over_the_API_too()
    {
        var body = AdminBench.GrantBody("new");
        body["expires"] = "30d";

        var reply = await _bench.SendAsync("POST", "grants", body);

        Assert.Equal(201, reply.Status);
        var left = (DateTimeOffset)reply.Json!["grant"]!["expires"]! - TimeProvider.System.GetUtcNow();
        Assert.InRange(left.TotalDays, 29.9, 30);
    }

    [Fact]
    public async Task Takes_an_argument_that_begins_with_an_at_sign()
    {
        var run = await _cli.RunAsync(
            "server", "add", "files", "--command", "npx", "--arg", "-y",
            "--arg", "@modelcontextprotocol/server-filesystem");
        var comment = await _cli.RunAsync("approvals", "approve", "ffff", "--comment", "@anna ok");

        Assert.Contains("\"@modelcontextprotocol/server-filesystem\"", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            "There is no approval \"ffff\".\nSee: gateway approvals list --all\n",
            comment.Errors.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("gateway grant pause", "grant", "pause")]
    [InlineData("gateway audit query", "audit", "query", "--outcome", "no")]
    [InlineData("gateway run", "run", "--linger", "soon")]
    [InlineData("gateway grant", "grant", "puase")]
    [InlineData("gateway", "gruant", "list")]
    public async Task Says_what_is_wrong_with_a_command_line_and_no_page_of_help(
        string verb, params string[] arguments)
    {
        var run = await _cli.RunAsync(arguments);

        Assert.Equal((2, ""), (run.ExitCode, run.Output.Trim()));
        Assert.InRange(run.Errors.Trim().Split('\n').Count(static line => line.Trim().Length > 0), 2, 5);
        if (arguments.Contains("puase"))
            Assert.Contains("Did you mean \"pause\"?", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith($"See: {verb} --help", run.Errors.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=limited")]
    [InlineData("crm=")]
    public async Task Refuses_a_server_or_a_policy_without_a_name(string pair)
    {
        var run = await _cli.RunAsync("grant", "create", "new", "--server", pair);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("SERVER=POLICY", run.Errors, StringComparison.Ordinal);
    }
}
