namespace Gateway.Server.Tests.Commands;

/// <summary><c>gateway apply</c> against a real gateway.</summary>
public sealed class ApplyTests : IAsyncLifetime, IDisposable
{
    private const string Policy = """{ "version": "1", "default": "deny" }""";
    private readonly ManagedGateway _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Creates_changes_and_leaves_what_documents_describe()
    {
        Directory.CreateDirectory(Path.Combine(_gateway.Folder, "d", "policies"));
        _gateway.Write("d/policies/support.json", Policy + "\n");
        _gateway.Write("d/policies/support.tests.json", "[]");
        _gateway.Write("d/objects.json", $$"""
            {
              "servers": { "mail": { "url": "http://127.0.0.1:9/mcp", "headers": { "X-Key": "${MAIL_KEY}" } } },
              "lists": { "people": ["ana"] },
              "policies": { "support": { "file": "policies/support.json" }, "inline": {{Policy}} },
              "grants": { "a": { "server": "mail", "policy": "support", "token": "{{TestTokens.Other}}" } }
            }
            """);
        _gateway.Write(
            "d/more.json", """{ "grants": { "b": { "servers": { "mail": "inline" }, "expires": "30d" } } }""");
        _gateway.Cli.Environment["MAIL_KEY"] = "s3cret-of-mail";

        var dry = await _gateway.NotWellAsync(ExitCode.No, "apply", "-f", "d", "--dry-run");
        Assert.Matches("(?m)^create +grants/a$", dry.Output);
        Assert.Contains("6 create, 0 change, 0 delete, 0 unchanged (dry run)", dry.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("mail", await _gateway.WellAsync("server", "list"), StringComparison.Ordinal);

        var made = await _gateway.WellAsync("apply", "-f", "d");
        Assert.Matches("(?m)^create +grants/b +pgw_", made);
        Assert.DoesNotMatch("(?m)^create +grants/a +pgw_", made);
        Assert.Equal(Policy, (await _gateway.WellAsync("policy", "show", "support")).TrimEnd());
        Assert.Contains("X-Key", await _gateway.WellAsync("server", "show", "mail"), StringComparison.Ordinal);

        Assert.Contains("0 create, 0 change, 0 delete, 6 unchanged", await _gateway.WellAsync("apply", "-f", "d"),
            StringComparison.Ordinal);
        _gateway.Write("d/policies/support.json", """{ "version": "1", "default": "allow" }""");
        Assert.Matches("(?m)^change +policies/support$", await _gateway.WellAsync("apply", "-f", "d"));
        Assert.Contains("\"allow\"", await _gateway.WellAsync("policy", "show", "support"), StringComparison.Ordinal);
        var versions = await _gateway.WellAsync("policy", "versions", "support");
        Assert.Equal(3, versions.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task Says_everything_that_is_wrong_with_its_place_and_applies_nothing()
    {
        _gateway.Write("wrong.json", """
            {
              "servers": { "prog": { "command": "npx" } },
              "policies": { "p": { "version": "1", "default": "maybe" } },
              "grants": {
                "a": { "server": "nowhere", "policy": "two" },
                "filed": { "server": "crm", "policy": "two" },
                "good": { "server": "crm", "policy": "two" }
              }
            }
            """);

        var run = await _gateway.NotWellAsync(ExitCode.Usage, "apply", "-f", "wrong.json");

        Assert.Contains("wrong.json:2:", run.Errors, StringComparison.Ordinal);
        Assert.Matches("wrong.json:3:51: error at /policies/p/default: ", run.Errors);
        Assert.Contains("wrong.json:5:10: error at /grants/a/servers/nowhere: There is no server \"nowhere\"",
            run.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "wrong.json:6:14: error at /grants/filed: the grant \"filed\" is defined in the configuration file",
            run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("4 errors; nothing was applied.\n", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("good", await _gateway.WellAsync("grant", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alert_rules_are_created_changed_pruned_and_unknown_to_the_prune_of_the_previous_release()
    {
        _gateway.Write("alerts.json", """
            { "lists": { "people": ["ana"] },
              "grants": { "a": { "server": "crm", "policy": "one" } },
              "alerts": {
                "refused": { "measure": "refusal-rate", "above": 20, "server": "crm", "grant": "a" },
                "spend": { "measure": "limit-use", "above": 80 } } }
            """);
        Assert.Matches(
            "(?m)^create +alerts/refused$",
            (await _gateway.NotWellAsync(ExitCode.No, "apply", "-f", "alerts.json", "--dry-run")).Output);
        Assert.Contains("4 create", await _gateway.WellAsync("apply", "-f", "alerts.json"), StringComparison.Ordinal);
        Assert.Contains(
            "4 unchanged", await _gateway.WellAsync("apply", "-f", "alerts.json"), StringComparison.Ordinal);
        // The previous release fails on a name of a kind that it does not know.
        var applied = Path.Combine(_gateway.Data, "control", "applied");
        Assert.Equal(
            [false, true],
            Directory.GetFiles(applied)
                .Select(static file => File.ReadAllText(file).Contains("alerts/", StringComparison.Ordinal)).Order());

        _gateway.Cli.Input = """
            { "lists": { "people": ["ana"] }, "alerts": { "spend": { "measure": "limit-use", "above": 90 } } }
            """;
        var pruned = await _gateway.WellAsync("apply", "-f", "-", "--prune");

        Assert.Matches("(?m)^delete +alerts/refused$", pruned);
        Assert.Matches("(?m)^change +alerts/spend$", pruned);
        Assert.Contains("0 create, 1 change, 2 delete, 1 unchanged", pruned, StringComparison.Ordinal);
        Assert.Matches(@"spend\s+no figures\s+limit-use\s+90\s+api", await _gateway.WellAsync("alerts", "list"));
    }

    [Fact]
    public async Task Alert_rules_that_are_wrong_are_reported_at_their_places()
    {
        _gateway.Write("wrong.json", """
            { "alerts": {
                "a": { "measure": "cals", "above": 1 },
                "b": { "measure": "calls", "above": 1, "server": "crn" },
                "c": { "measure": "calls", "above": 1, "until": "2027" } } }
            """);

        var run = await _gateway.NotWellAsync(ExitCode.Usage, "apply", "-f", "wrong.json");

        Assert.Contains("wrong.json:2:23: error at /alerts/a/measure: \"measure\" must be one of", run.Errors,
            StringComparison.Ordinal);
        Assert.Contains("wrong.json:3:54: error at /alerts/b/server: There is no server \"crn\"; did you mean \"crm\"?",
            run.Errors, StringComparison.Ordinal);
        Assert.Contains("error at /alerts/c: ", run.Errors, StringComparison.Ordinal);
        Assert.EndsWith("3 errors; nothing was applied.\n", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prunes_what_its_owner_made_and_nothing_else()
    {
        _gateway.Write("two.json", """
            { "lists": { "people": ["ana"] }, "policies": { "mine": { "version": "1", "default": "deny" } },
              "grants": { "a": { "server": "crm", "policy": "mine" }, "b": { "server": "crm", "policy": "mine" },
                "bot": { "server": "crm", "policy": "one" } } }
            """);
        await _gateway.WellAsync("apply", "-f", "two.json", "--owner", "team");
        _gateway.Cli.Input = """{ "grants": { "b": { "server": "crm", "policy": "one" } } }""";

        var other = await _gateway.WellAsync("apply", "-f", "-", "--prune");
        Assert.Contains("0 delete", other, StringComparison.Ordinal);
        var pruned = await _gateway.WellAsync("apply", "-f", "-", "--prune", "--owner", "team");

        Assert.Matches("(?m)^delete +grants/a$", pruned);
        Assert.Matches("(?m)^delete +policies/mine$", pruned);
        Assert.Matches("(?m)^delete +lists/people$", pruned);
        Assert.Contains("3 delete", pruned, StringComparison.Ordinal);
        // It was there before the documents were, so that it is not theirs.
        Assert.Contains("bot", await _gateway.WellAsync("grant", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denies_to_prune_a_policy_that_the_sign_ins_of_a_server_get()
    {
        _gateway.Write("mine.json", """{ "policies": { "mine": { "version": "1", "default": "deny" } } }""");
        await _gateway.WellAsync("apply", "-f", "mine.json", "--owner", "team");
        await _gateway.WellAsync("server", "add", "erp", "http://127.0.0.1:9/mcp", "--oauth-policy", "mine");
        _gateway.Cli.Input = "{}";

        var refused = await _gateway.NotWellAsync(2, "apply", "-f", "-", "--prune", "--owner", "team");

        Assert.Contains(
            "policies/mine cannot be deleted: \"oauthPolicy\" of the server erp uses it", refused.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prunes_only_grants_that_a_selector_selects_and_says_so_before()
    {
        _gateway.Write("all.json", """
            { "lists": { "people": ["ana"] }, "policies": { "mine": { "version": "1", "default": "deny" } },
              "grants": {
                "a": { "server": "crm", "policy": "mine", "labels": { "team": "support" } },
                "b": { "server": "crm", "policy": "mine", "labels": { "team": "sales" } },
                "c": { "server": "crm", "policy": "mine" } } }
            """);
        await _gateway.WellAsync("apply", "-f", "all.json");
        // It has the label, but documents did not make it.
        await _gateway.WellAsync("grant", "set", "bot", "--label", "team=support");
        _gateway.Cli.Input = "{}";
        string[] apply = ["apply", "-f", "-", "--prune", "--selector", "team=support"];

        var dry = await _gateway.NotWellAsync(ExitCode.No, [.. apply, "--dry-run"]);
        Assert.Matches("(?m)^delete +grants/a$", dry.Output);
        Assert.Contains("0 create, 0 change, 1 delete, 0 unchanged (dry run)", dry.Output, StringComparison.Ordinal);
        Assert.Contains("a,", await _gateway.WellAsync("grant", "list", "--output", "csv"), StringComparison.Ordinal);

        var pruned = await _gateway.WellAsync(apply);
        Assert.Matches("(?m)^delete +grants/a$", pruned);
        Assert.Contains("0 create, 0 change, 1 delete, 0 unchanged", pruned, StringComparison.Ordinal);
        var left = await _gateway.WellAsync("grant", "list", "--output", "csv");
        Assert.Equal(["b", "bot", "c", "filed"],
            left.Trim().Split('\n').Skip(1).Select(static row => row.Split(',')[0]));

        // What was not selected is still the owner's, so a later prune finds it.
        var rest = await _gateway.WellAsync("apply", "-f", "-", "--prune");
        Assert.Contains("4 delete", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prunes_what_an_apply_made_before_its_gateway_was_killed()
    {
        const int Grants = 1000;
        var grants = Path.Combine(_gateway.Data, "control", "grants");
        _gateway.Cli.Input = Documents(Grants);
        var apply = _gateway.Cli.RunAsync(["apply", "-f", "-"]);
        await Soon.UntilAsync(() => Directory.GetFiles(grants).Length > 10, "some grants are there");
        await _gateway.ReplaceKilledAsync();
        await apply;
        Assert.InRange(Directory.GetFiles(grants).Length, 10, Grants - 1);

        _gateway.Cli.Input = "{}";
        await _gateway.WellAsync("apply", "-f", "-", "--prune");

        var left = await _gateway.WellAsync("grant", "list", "--output", "csv");
        Assert.Equal(["bot", "filed"], left.Trim().Split('\n').Skip(1).Select(static row => row.Split(',')[0]));
    }

    [Fact]
    public async Task The_history_of_an_object_that_documents_made_is_complete()
    {
        _gateway.Cli.Input = """{ "lists": { "people": ["ana"] } }""";
        await _gateway.WellAsync("apply", "-f", "-");

        var run = await _gateway.NotWellAsync(ExitCode.Well, "history", "--object", "lists/people");

        Assert.Contains("create lists/people", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public async Task A_policy_that_a_remaining_grant_uses_is_not_pruned()
    {
        _gateway.Write("p.d.json", """{ "policies": { "mine": { "version": "1", "default": "deny" } } }""");
        await _gateway.WellAsync("apply", "-f", "p.d.json");
        await _gateway.WellAsync("grant", "set", "bot", "--server", "crm=mine");
        _gateway.Cli.Input = "{}";

        var run = await _gateway.NotWellAsync(ExitCode.Usage, "apply", "-f", "-", "--prune");

        Assert.Contains("policies/mine cannot be deleted: bot uses it", run.Errors, StringComparison.Ordinal);
        Assert.Contains("mine", await _gateway.WellAsync("policy", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public Task Some_grants_have_a_record_each_one_entry_of_the_history_and_one_warning() => ApplyGrantsAsync(40);

    [Fact, Trait("run", "full")]
    public Task Many_grants_have_a_record_each_one_entry_of_the_history_and_one_warning() => ApplyGrantsAsync(2000);

    private static string Documents(int grants) => new JsonObject
    {
        ["grants"] = new JsonObject(Enumerable.Range(0, grants).Select(static i =>
            KeyValuePair.Create<string, JsonNode?>($"g{i}", new JsonObject
            {
                ["servers"] = new JsonObject { ["crm"] = i % 2 == 0 ? "one" : null },
                ["tokenHash"] = $"sha256:{i:x64}",
            }))),
    }.ToJsonString();

    private async Task ApplyGrantsAsync(int grants)
    {
        _gateway.Cli.Input = Documents(grants);

        var run = await _gateway.NotWellAsync(ExitCode.Well, "apply", "-f", "-");

        Assert.Contains($"{grants} create", run.Output, StringComparison.Ordinal);
        Assert.Matches(
            $"^warning: {grants / 2:N0} grants have a server without a policy[^\n]+ and {(grants / 2) - 10} more\n$",
            run.Errors);
        var records = await _gateway.NotWellAsync(
            ExitCode.Well, "audit", "query", "--action", "create", "--limit", "100000", "--by", "admin");
        Assert.Equal(grants, Regex.Count(records.Output, "create grants/g[0-9]+ "));
        var history = await _gateway.WellAsync("history", "--action", "apply", "--output", "csv");
        Assert.Equal(2, history.Trim().Split('\n').Length);
        Assert.Contains($",apply,applied/default,,create grants/g0 and {grants - 1} more", history,
            StringComparison.Ordinal);
        Assert.Contains("apply", await _gateway.WellAsync("history", "--object", $"grants/g{grants - 1}"),
            StringComparison.Ordinal);
    }
}

/// <summary>Documents and options that <c>gateway apply</c> refuses, on one gateway.</summary>
public sealed class ApplyRefusalTests(ManagedGateway gateway) : IClassFixture<ManagedGateway>
{
    [Theory]
    [InlineData("x.json:1:14: error at /server: \"server\" is not one of servers, policies, lists, budgets, grants, "
        + "alerts; did you mean \"servers\"?", """{ "server":  {} }""")]
    [InlineData("x.json:1:12: error at /admin: \"admin\" belongs to the configuration file", """{ "admin": {} }""")]
    [InlineData("x.json:1:3: error", "{ nope }")]
    [InlineData("x.json:1:32: error at /grants/a/server: the environment has no variable NOT_SET_HERE",
        """{ "grants": { "a": { "server": "${NOT_SET_HERE}", "policy": "one" } } }""")]
    public async Task A_document_that_cannot_be_read_has_a_place(string expected, string document)
    {
        gateway.Write("x.json", document);

        var run = await gateway.NotWellAsync(ExitCode.Usage, "apply", "-f", "x.json");

        Assert.StartsWith(expected, run.Errors, StringComparison.Ordinal);
        Assert.Contains("1 error; nothing was applied.", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--selector limits what --prune deletes; give --prune too, or omit --selector.", "--selector", "team=support")]
    [InlineData("--selector is empty", "--prune", "--selector", "")]
    [InlineData("\"selector\" cannot be read at character 2: a key is missing", "--prune", "--selector", " ")]
    [InlineData("\"selector\" cannot be read at character 6: \"(\" is missing", "--prune", "--selector", "a in b")]
    public async Task A_selector_that_cannot_be_followed_prunes_nothing(string said, params string[] options)
    {
        gateway.Cli.Input = """{ "grants": { "a": { "server": "crm", "policy": "one" } } }""";
        await gateway.WellAsync("apply", "-f", "-");
        gateway.Cli.Input = "{}";

        var run = await gateway.NotWellAsync(ExitCode.Usage, ["apply", "-f", "-", .. options]);

        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Contains("a,", await gateway.WellAsync("grant", "list", "--output", "csv"), StringComparison.Ordinal);
    }
}
