namespace Gateway.Server.Tests.Commands;

/// <summary>What a hand gets wrong: names, times, and options that contradict each other.</summary>
public sealed class WrongNameTests(WrongNameTests.Provided provided) : IClassFixture<WrongNameTests.Provided>
{
    private readonly AdminBench _bench = provided.Bench;
    private readonly Cli _cli = provided.Cli;

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
            run.Errors.ReplaceLineEndings("\n")
                .Replace("Requesting the tools of crmm …\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("server", "add", "b/c", "http://127.0.0.1:9/mcp")]
    [InlineData("policy", "set", "b/c", "p.json")]
    [InlineData("grant", "create", "b/c", "--server", "crm=limited")]
    public async Task Refuses_a_name_with_a_slash_as_it_was_written(params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "p.json"), """{"version":"1","default":"deny"}""");

        var run = await _cli.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"\"b/c\" is not a valid name for a {arguments[0]}; ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_one_server_with_two_policies()
    {
        var run = await _cli.RunAsync("grant", "create", "new", "--server", "crm=limited", "--server", "crm=other");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--server crm occurs twice", run.Errors, StringComparison.Ordinal);
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
        var body = AdminBench.GrantBody("timed");
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
        if (arguments.Contains("gruant"))
            Assert.Contains("Did you mean \"grant\"?", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith($"See: {verb} --help", run.Errors.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data is empty; write a directory, or omit the option.", "run", "--data", "")]
    [InlineData("--config is empty; write the name of a file.", "run", "--config", "")]
    [InlineData(
        "--linger \"soon\" is not a length such as 2s or 1m, or seconds such as 0.5; 0 to 3600 seconds.",
        "run", "--linger", "soon")]
    [InlineData("--programs-max must be a whole number, not \"x\".", "run", "--programs-max", "x")]
    [InlineData("--durability must be one of process, machine, not \"disk\".", "run", "--durability", "disk")]
    [InlineData("The file is empty; write a value.", "policy", "set", "limited", "")]
    [InlineData("The name is empty; write a value.", "policy", "show", "")]
    [InlineData("Unrecognized command or argument 'zzz'.", "zzz")]
    public async Task Says_once_and_in_words_what_is_wrong_with_a_value(string said, params string[] arguments)
    {
        var run = await _cli.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(said, run.Errors.ReplaceLineEndings("\n").Split('\n')[0]);
        Assert.StartsWith("See: ", run.Errors.Trim().Split('\n')[^1], StringComparison.Ordinal);
        Assert.InRange(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 2, 3);
    }

    [Theory]
    [InlineData("<name>", "grant", "show", "--help")]
    [InlineData("<key>", "counter", "show", "--help")]
    [InlineData("<tool>", "policy", "explain", "--help")]
    public async Task Shows_in_help_what_an_argument_is_and_not_what_the_gateway_has(
        string shown, params string[] arguments)
    {
        var run = await _cli.RunAsync(arguments);

        Assert.Matches($"(?m)^  {shown} ", run.Output);
    }

    [Fact]
    public async Task Says_that_a_key_is_wrong_and_not_that_one_is_to_be_sent()
    {
        var wrong = await new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), "pgwadm_wrong")
            .RunAsync("status");

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("does not accept this admin key", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_a_mistake_that_the_API_found_once()
    {
        var run = await _cli.RunAsync("server", "add", "b", "x");

        Assert.Equal(
            (2, "\"x\" is not an address that begins with http:// or https://"), (run.ExitCode, run.Errors.Trim()));
    }

    [Fact]
    public async Task Says_what_fails_where_http_answers_and_https_was_asked()
    {
        var address = new UriBuilder(_bench.Host.Addresses[0]) { Scheme = "https" }.Uri;

        var run = await new Cli(_bench.Folder, address, _bench.AdminKey).RunAsync("status");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("cannot be reached: TLS failed: ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_a_policy_file_as_it_was_named()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "sub"));
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "sub", "p.json"), "{");

        var run = await _cli.RunAsync("policy", "validate", "sub/p.json");

        Assert.StartsWith("sub/p.json:1:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_configuration_is_a_directory()
    {
        var run = await _cli.RunAsync("run", "--config", _bench.Folder);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is a directory; name the file in it", run.Errors, StringComparison.Ordinal);
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

    /// <summary>A gateway with a server, a policy and a grant, to which no test of this class does anything.</summary>
    public sealed class Provided : IAsyncLifetime
    {
        internal AdminBench Bench { get; private set; } = null!;

        internal Cli Cli { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Bench = await AdminBench.StartAsync();
            await Bench.ProvideAsync();
            Cli = new Cli(Bench.Folder, new Uri(Bench.Host.Addresses[0]), Bench.AdminKey);
        }

        public async Task DisposeAsync() => await Bench.DisposeAsync();
    }
}
