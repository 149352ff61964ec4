namespace Gateway.Server.Tests.Commands;

/// <summary>The verbs that show and change what a running gateway has, as a hand types them.</summary>
public sealed class ManagementVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ManagedGateway _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Changes_of_a_grant_what_is_named_and_leaves_the_rest()
    {
        await WellAsync("grant", "set", "bot", "--server", "filed=filed", "--expires", "30d");
        await WellAsync("grant", "pause", "bot");
        await WellAsync("grant", "set", "bot", "--server", "crm=two");

        var grant = JsonNode.Parse(await WellAsync("grant", "show", "bot", "--json"))!;
        Assert.Equal("two", (string?)grant["servers"]!["crm"]);
        Assert.Equal("filed", (string?)grant["servers"]!["filed"]);
        Assert.Equal("paused", (string?)grant["status"]);
        Assert.NotNull(grant["expires"]);

        await WellAsync("grant", "set", "bot", "--remove-server", "filed", "--expires", "never");
        var shown = await WellAsync("grant", "show", "bot");
        Assert.Contains("crm=two", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("filed", shown, StringComparison.Ordinal);
        Assert.Matches("expires +never", shown);
    }

    [Fact]
    public async Task Shows_what_a_grant_may_still_use_and_what_was_called()
    {
        Assert.Contains("No policy of this grant has a limit", await WellAsync("grant", "budgets", "bot"),
            StringComparison.Ordinal);
        Assert.Equal(
            "bot", (string?)JsonNode.Parse(await WellAsync("grant", "budgets", "bot", "--json"))!["grant"]);

        var shown = await WellAsync("usage", "--since", "7d", "--by", "tool");
        Assert.Contains("0 calls, 0 refused", shown, StringComparison.Ordinal);
        Assert.Contains("they are gaps, not zeros", shown, StringComparison.Ordinal);
        Assert.Equal(
            60, (int)JsonNode.Parse(await WellAsync("usage", "--json"))!["stepSeconds"]!);
    }

    [Fact]
    public async Task Rotates_a_token_and_says_until_when_the_old_one_is_taken()
    {
        var rotated = await WellAsync("grant", "rotate", "bot", "--overlap", "2h");
        Assert.Matches("token, shown only once: pgw_[A-Za-z0-9_-]{43}", rotated);
        Assert.Contains("works until 20", rotated, StringComparison.Ordinal);
        Assert.Contains("old token until", await WellAsync("grant", "show", "bot"), StringComparison.Ordinal);

        var leaked = await WellAsync("grant", "rotate", "bot", "--overlap", "0");
        Assert.Contains("refused from now on", leaked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_of_a_server_what_is_named_and_keeps_its_secrets()
    {
        await WellAsync("server", "set", "crm", "--url", "http://127.0.0.1:9/other");
        var shown = await WellAsync("server", "show", "crm");
        Assert.Contains("/other", shown, StringComparison.Ordinal);
        Assert.Contains("X-Key", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", shown, StringComparison.Ordinal);

        await WellAsync("server", "set", "crm", "--no-headers");
        Assert.DoesNotContain("X-Key", await WellAsync("server", "show", "crm"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_does_not_replace_a_server_unless_asked_to()
    {
        var refused = await NotWellAsync(1, "server", "add", "crm", "http://127.0.0.1:9/other");

        Assert.Equal(
            "crm is registered already. Change it with \"gateway server set crm\", or replace its address and the "
                + "given settings with --replace.\n",
            refused.Errors);
        Assert.DoesNotContain("/other", await WellAsync("server", "show", "crm"), StringComparison.Ordinal);
        await WellAsync("server", "add", "crm", "http://127.0.0.1:9/other", "--replace");
        Assert.Contains("/other", await WellAsync("server", "show", "crm"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_set_names_the_version_it_replaces_and_refuses_if_another_one_is_active()
    {
        _gateway.Write("open.json", """{ "version": "1", "default": "allow" }""");
        _gateway.Write("shut.json", """{ "version": "1", "default": "deny" }""");
        var first = (long)JsonNode.Parse(await WellAsync("policy", "versions", "two", "--json"))![0]!["number"]!;

        var set = await WellAsync("policy", "set", "two", "open.json", "--replaces", $"{first}");
        var refused = await NotWellAsync(1, "policy", "set", "two", "shut.json", "--replaces", $"{first}");

        Assert.Matches(
            $"It replaced version {first}, which admin set at [0-9TZ:-]+\\. To go back: gateway policy restore two "
                + $"{first}\n",
            set);
        Assert.Matches(
            $"^two was not set\\. Version {first} is not active\\. The active version is version [0-9]+, which admin "
            + "set at [0-9TZ:-]+\\. See: gateway policy versions two\n$",
            refused.Errors);
        Assert.Contains("allow", await WellAsync("policy", "show", "two"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sets_replicas_proxy_and_timeouts_of_a_server_and_shows_them()
    {
        await WellAsync("server", "set", "crm", "--url", "http://127.0.0.1:9/a", "--replica", "http://127.0.0.1:9/b",
            "--proxy", "http://127.0.0.1:9", "--proxy-resolves",
            "--timeout", "60", "--tool-timeout", "export=300", "--tool-timeout", "sum=5", "--timeout-max", "900");
        var server = JsonNode.Parse(await WellAsync("server", "show", "crm", "--json"))!;
        Assert.Equal("""["http://127.0.0.1:9/a","http://127.0.0.1:9/b"]""", server["urls"]!.ToJsonString());
        Assert.True((bool)server["proxy"]!["resolves"]!);
        AssertJson("""{"callSeconds":60,"maxSeconds":900,"tools":{"export":300,"sum":5}}""", server["timeouts"]);
        var shown = await WellAsync("server", "show", "crm");
        Assert.Matches("replicas +http://127.0.0.1:9/a, http://127.0.0.1:9/b", shown);
        Assert.Matches("timeouts +60 s, export 300 s, sum 5 s, at most 900 s with progress", shown);

        await WellAsync("server", "set", "crm", "--url", "http://127.0.0.1:9/a", "--proxy", "",
            "--timeout", "0", "--tool-timeout", "sum=0", "--timeout-max", "0");
        server = JsonNode.Parse(await WellAsync("server", "show", "crm", "--json"))!;
        AssertJson("""{"tools":{"export":300}}""", server["timeouts"]);
        Assert.Equal((null, null), (server["urls"], server["proxy"]));
        // Registering it again replaces the timeouts.
        await WellAsync("server", "add", "crm", "http://127.0.0.1:9/a", "--timeout", "7", "--replace");
        Assert.Matches("timeouts +7 s\\s", await WellAsync("server", "show", "crm"));
    }

    [Fact]
    public async Task Sets_and_removes_tasks_and_the_token_about_the_caller_of_a_server()
    {
        await WellAsync("server", "add", "crm", "http://127.0.0.1:9/a", "--replace", "--host", "crm.example.com",
            "--tasks-after-seconds", "30", "--tasks-tool", "export=5", "--caller-token-header", "X-Caller");
        var server = JsonNode.Parse(await WellAsync("server", "show", "crm", "--json"))!;
        Assert.Equal("crm.example.com", (string?)server["host"]);
        AssertJson("""{"afterSeconds":30,"tools":{"export":5}}""", server["tasks"]);
        AssertJson("""{"header":"X-Caller"}""", server["callerToken"]);

        await WellAsync("server", "set", "crm", "--tasks-after-seconds", "0", "--no-caller-token", "--host", "");
        server = JsonNode.Parse(await WellAsync("server", "show", "crm", "--json"))!;
        AssertJson("""{"tools":{"export":5}}""", server["tasks"]);
        Assert.Equal((null, null), (server["host"], server["callerToken"]));
        await WellAsync("server", "set", "crm", "--no-tasks");
        Assert.Null(JsonNode.Parse(await WellAsync("server", "show", "crm", "--json"))!["tasks"]);
    }

    [Fact]
    public async Task Lists_shows_and_removes_policies()
    {
        var list = await WellAsync("policy", "list");
        Assert.Matches("one +[0-9a-f]{12} +bot +api", list);
        Assert.Matches("filed +[0-9a-f]{12} +filed +file", list);
        // Byte for byte, so that it can be set again.
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(_gateway.Folder, "p.json")),
            (await WellAsync("policy", "show", "one")).TrimEnd('\n'));

        await WellAsync("policy", "remove", "two");

        Assert.DoesNotContain("two", await WellAsync("policy", "list"), StringComparison.Ordinal);
        Assert.Contains("bot", (await NotWellAsync(1, "policy", "remove", "one")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_validate_warns_of_programs_that_are_missing_and_with_check_of_closed_ports()
    {
        _gateway.Write("machine.json", """
            { "servers": {
              "there": { "command": "sh" },
              "none": { "command": "no-such-program" },
              "gone": { "command": "/no/such/program" },
              "closed": { "url": "http://127.0.0.1:1/mcp" }
            } }
            """);

        var said = await WellAsync("config", "validate", "machine.json");
        var checkedToo = await WellAsync("config", "validate", "machine.json", "--check");

        Assert.Contains("warning at /servers/none/command: \"no-such-program\" was not found in any folder of PATH",
            said,
            StringComparison.Ordinal);
        Assert.Contains("warning at /servers/gone/command: there is no file /no/such/program", said,
            StringComparison.Ordinal);
        Assert.EndsWith("machine.json: 0 errors, 2 warnings\n", said, StringComparison.Ordinal);
        Assert.Contains("warning at /servers/closed/url: 127.0.0.1:1 cannot be reached from here", checkedToo,
            StringComparison.Ordinal);
        Assert.EndsWith("machine.json: 0 errors, 3 warnings\n", checkedToo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validates_a_configuration_file_without_a_start()
    {
        Assert.Contains("0 errors", await WellAsync("config", "validate", "gateway.json"), StringComparison.Ordinal);
        _gateway.Write("wrong.json", """{ "grants": { "a": { "server": "none", "token": "${NOT_SET_ANYWHERE}" } } }""");

        var wrong = await NotWellAsync(1, "config", "validate", "wrong.json");

        Assert.Contains("NOT_SET_ANYWHERE", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("none", wrong.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await NotWellAsync(1, "config", "validate", "wrong.json", "--json")).Output)!;
        Assert.False((bool)json["valid"]!);
        var directory = await NotWellAsync(2, "config", "validate", ".");
        Assert.Contains("directory", directory.Errors, StringComparison.Ordinal);
        await NotWellAsync(2, "config", "validate", "nowhere.json");
        await NotWellAsync(2, "config", "validate");
    }

    private static void AssertJson(string expected, JsonNode? seen) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), seen), seen?.ToJsonString());

    private Task<string> WellAsync(params string[] arguments) => _gateway.WellAsync(arguments);

    private Task<CliRun> NotWellAsync(int exitCode, params string[] arguments) =>
        _gateway.NotWellAsync(exitCode, arguments);
}
