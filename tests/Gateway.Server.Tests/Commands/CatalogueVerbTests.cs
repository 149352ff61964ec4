namespace Gateway.Server.Tests.Commands;

/// <summary>From a server's tools to a policy in force and a refusal that an agent sees, by the command line.</summary>
public sealed class CatalogueVerbTests : IAsyncLifetime
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
    public async Task Lists_what_each_tool_is()
    {
        var run = await _cli.RunAsync("tools", "list", "--server", "crm", "--json");

        var tools = JsonNode.Parse(run.Output)!.AsArray();
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                ("backchannel_complete", "Execute", "High"), ("backchannel_resend_otp", "Execute", "High"),
                ("delete_customer", "Destructive", "Critical"), ("get_customer", "Read", "Low"),
                ("list_customers", "Read", "Low"), ("list_orders", "Read", "Low"),
                ("send_interactive_flow", "Write", "Medium"), ("send_reaction_message", "Write", "Medium"),
            ],
            tools.Select(static tool =>
                ((string)tool!["name"]!, (string)tool["category"]!, (string)tool["risk"]!)));
        Assert.All(tools, static tool => Assert.InRange((double)tool!["confidence"]!, 0.3, 1));
    }

    [Theory]
    [InlineData("backchannel_resend_otp", "Execute", "High", 10)]
    [InlineData("backchannel_complete", "Execute", "High", 10)]
    [InlineData("send_reaction_message", "Write", "Medium", 30)]
    [InlineData("send_interactive_flow", "Write", "Medium", 30)]
    public async Task Shows_a_tools_page(string tool, string category, string risk, int perMinute)
    {
        var run = await _cli.RunAsync("tools", "show", "crm", tool, "--json");

        var page = JsonNode.Parse(run.Output)!;
        Assert.Equal(0, run.ExitCode);
        Assert.Equal((tool, category, risk),
            ((string?)page["name"], (string?)page["category"], (string?)page["risk"]));
        Assert.NotEmpty(page["reasons"]!.AsArray());
        Assert.NotEmpty(page["attackPatterns"]!.AsArray());
        Assert.NotEmpty(page["related"]!.AsArray());
        Assert.Equal(perMinute, (int)page["recommendedRule"]!["limits"]![0]!["max"]!);
        Assert.Equal("grant", (string?)page["recommendedRule"]!["limits"]![0]!["scope"]);
        Assert.Equal(("bot", "denied", "(default deny)"), (
            (string?)page["grants"]![0]!["grant"], (string?)page["grants"]![0]!["outcome"],
            (string?)page["grants"]![0]!["rule"]));
    }

    [Fact]
    public async Task Shows_a_page_to_a_person()
    {
        var run = await _cli.RunAsync("tools", "show", "crm", "delete_customer");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Destructive", run.Output, StringComparison.Ordinal);
        Assert.Contains("  Its name says \"delete\".", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"action\": \"approve\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("same object: customer", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_an_operators_word_for_what_a_tool_is_until_it_is_cleared()
    {
        string[] classify = ["tools", "classify", "crm", "backchannel_complete"];

        var wrong = await _cli.RunAsync([.. classify, "--category", "Reed", "--risk", "Low", "--note", "n"]);
        var unexplained = await _cli.RunAsync([.. classify, "--category", "Read", "--risk", "Low"]);
        var set = await _cli.RunAsync(
            [.. classify, "--category", "Financial", "--risk", "Critical", "--note", "it opens an account"]);
        var shown = JsonNode.Parse((await _cli.RunAsync("tools", "show", "crm", classify[^1], "--json")).Output)!;
        var listed = JsonNode.Parse((await _cli.RunAsync("tools", "list", "--server", "crm", "--json")).Output)!;
        var cleared = await _cli.RunAsync([.. classify, "--clear"]);
        var after = JsonNode.Parse((await _cli.RunAsync("tools", "show", "crm", classify[^1], "--json")).Output)!;
        var twice = await _cli.RunAsync([.. classify, "--clear"]);

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Read, Write, Execute, Destructive, Financial, Secret", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, unexplained.ExitCode);
        Assert.True(set.ExitCode == 0, set.Errors);
        Assert.Equal(("Financial", "Critical"), ((string?)shown["category"], (string?)shown["risk"]));
        Assert.Equal("it opens an account", (string?)shown["override"]!["note"]);
        Assert.Equal("Execute", (string?)shown["override"]!["classifierCategory"]);
        Assert.False((bool)shown["override"]!["definitionChanged"]!);
        Assert.NotNull((string?)shown["override"]!["by"]);
        Assert.Equal("approve", (string?)shown["recommendedRule"]!["action"]);
        Assert.Equal("Financial", (string?)listed[0]!["category"]);
        Assert.Equal(0, cleared.ExitCode);
        Assert.Equal("Execute", (string?)after["category"]);
        Assert.Null(after["override"]);
        Assert.NotEqual(0, twice.ExitCode);
        Assert.Equal(["classify", "unclassify"], _bench.Changes()
            .Select(static change => change.GetProperty("action").GetString())
            .Where(static action => action!.EndsWith("classify", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Sets_the_class_by_which_policies_decide_with_a_reason()
    {
        string[] verb = ["tools", "class", "crm", "backchannel_complete"];
        await _cli.RunAsync("tools", "list", "--server", "crm", "--refresh");

        var wrong = await _cli.RunAsync([.. verb, "Reed", "--reason", "n"]);
        var unexplained = await _cli.RunAsync([.. verb, "Financial"]);
        var set = await _cli.RunAsync([.. verb, "Financial", "--reason", "it opens an account"]);
        var shown = await _cli.RunAsync("tools", "show", "crm", verb[^1]);
        var listed = await _cli.RunAsync("tools", "list", "--server", "crm");

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("uncertain, Read, Write, Execute", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, unexplained.ExitCode);
        Assert.True(set.ExitCode == 0, set.Errors);
        Assert.Contains("(operator): it opens an account", shown.Output, StringComparison.Ordinal);
        Assert.Contains("CLASS", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_which_tool_was_meant()
    {
        var run = await _cli.RunAsync("tools", "show", "crm", "delete_custmer");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("delete_customer", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Applies_a_recommended_policy_that_then_refuses()
    {
        var dry = await _cli.RunAsync("policy", "recommend", "--server", "crm", "--apply", "fitting", "--dry-run");
        var missing = await _cli.RunAsync("policy", "show", "fitting");
        var applied = await _cli.RunAsync("policy", "recommend", "--server", "crm", "--apply", "fitting");
        var again = await _cli.RunAsync("policy", "recommend", "--server", "crm", "--apply", "fitting", "--dry-run");
        var granted = await _bench.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "fit",
            ["servers"] = new JsonObject { ["crm"] = "fitting" },
        });

        Assert.Equal(1, dry.ExitCode);
        Assert.Contains("add the policy fitting", dry.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, missing.ExitCode);
        Assert.True(applied.ExitCode == 0, applied.Errors);
        Assert.Contains("delete_customer: Destructive, Critical", applied.Errors, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        await using var agent = await DemoAgent.ConnectAsync(
            new Uri(_bench.Client.BaseAddress!, "/mcp/crm"), (string)granted.Json!["token"]!, CancellationToken.None);
        var calls = new List<DemoCall>();
        await foreach (var call in agent.RunAsync(CancellationToken.None))
            calls.Add(call);
        // Ten in a minute of the clock; the calls may lie on both sides of its beginning.
        var resent = calls.Where(static call => call.Tool == DemoAgent.LimitedTool).ToList();
        Assert.InRange(resent.Count(static call => call.Outcome == DemoOutcome.Admitted), 10, 20);
        Assert.Contains(resent, static call => call.Outcome == DemoOutcome.RateLimited);
        Assert.NotEqual(DemoOutcome.Admitted, calls[^1].Outcome);
    }

    [Fact]
    public async Task Prints_a_policy_that_can_be_validated_and_set()
    {
        foreach (var profile in (string[])["cautious", "balanced", "observe"])
        {
            var printed = await _cli.RunAsync("policy", "recommend", "--server", "crm", "--profile", profile);
            await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "crm.json"), printed.Output);
            Assert.Contains($"profile {profile}", printed.Output, StringComparison.Ordinal);
            var validated = await _cli.RunAsync("policy", "validate", "crm.json", "--server", "crm", "--strict");
            Assert.True(validated.ExitCode == 0, validated.Output + validated.Errors);
        }

        var unknown = await _cli.RunAsync("policy", "recommend", "--server", "crm", "--profile", "bold");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("balanced, cautious or observe", unknown.Errors, StringComparison.Ordinal);
        var wrong = await _cli.RunAsync("policy", "recommend", "--server", "crm", "--dry-run");

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--apply", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_what_a_hostile_server_says_without_its_control_characters()
    {
        const string Name = "run\u202e\u001b[2J\u0007";
        await using var server = await RecordingServer.StartAsync();
        server.Answer = async (http, request) =>
        {
            var message = JsonNode.Parse(request.Body)!;
            if (message["id"] is not { } id)
            {
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                return;
            }

            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id.DeepClone() };
            switch ((string?)message["method"])
            {
                case "initialize":
                    answer["result"] = JsonNode.Parse("""
                        {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},
                        "serverInfo":{"name":"h","version":"1"}}
                        """);
                    break;
                case "tools/list":
                    answer["result"] = new JsonObject
                    {
                        ["tools"] = new JsonArray(new JsonObject
                        {
                            ["name"] = Name,
                            ["description"] = "\u001b]0;owned\u0007<b>\u202e" + new string('x', 100_000),
                            ["inputSchema"] = new JsonObject { ["type"] = "object" },
                        }),
                    };
                    break;
                default:
                    answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = "Method not found" };
                    break;
            }

            await RecordingServer.JsonAsync(http, answer.ToJsonString());
        };
        await _bench.SendAsync("PUT", "servers/hostile", new JsonObject { ["url"] = server.Url });

        var listed = await _cli.RunAsync("tools", "list", "--server", "hostile");
        var shown = await _cli.RunAsync("tools", "show", "hostile", Name);
        var asJson = await _cli.RunAsync("tools", "show", "hostile", Name, "--json");
        var policy = await _cli.RunAsync("policy", "recommend", "--server", "hostile");

        foreach (var run in (CliRun[])[listed, shown, asJson, policy])
        {
            Assert.True(run.ExitCode == 0, run.Errors);
            Assert.DoesNotContain(run.Output + run.Errors, static letter =>
                letter is '\u202e' or '\u0007' or '\u001b');
        }

        Assert.InRange(shown.Output.Length, 100, 20_000);
        Assert.Equal(Name, (string?)JsonNode.Parse(asJson.Output)!["name"]);
    }
}
