namespace Gateway.Server.Tests.Commands;

public sealed class ReplayVerbTests
{
    private const string Tighter = """
        {
          "version": "1", "default": "deny",
          "tools": { "list_customers": { "limits": [ { "counter": "lists", "window": "month", "max": 1 } ] } }
        }
        """;

    private static readonly string[] Members =
    [
        "judged", "same", "changed", "unknown", "changes", "byTool", "byGrant", "byTransition", "enforced", "logStarts",
    ];

    [Fact]
    public async Task A_data_directory_and_a_running_gateway_say_the_same_of_an_edited_policy()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        for (var i = 0; i < 4; i++)
            await bench.CallAsync(token);
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);

        var remote = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--since", "1h", "--json");
        var local = await Of(bench).RunAsync(
            "audit", "replay", "--policy", file, "--data", Path.Combine(bench.Folder, "data"), "--json");
        await File.WriteAllTextAsync(file, AdminBench.Limited);
        var same = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--name", "limited");

        Assert.Equal((0, 0, 0), (remote.ExitCode, local.ExitCode, same.ExitCode));
        Assert.Equal(remote.Output, local.Output);
        var report = JsonNode.Parse(local.Output)!.AsObject();
        Assert.Equal(Members, report.Select(static member => member.Key));
        // Three of four were allowed: one is now, two are not, and the last is refused either way.
        Assert.Equal([4, 2, 2, 0], Members[..4].Select(member => (int)report[member]!));
        Assert.Equal("list_customers", (string)report["byTool"]![0]!["name"]!);
        Assert.Equal(2, (int)report["byGrant"]![0]!["changed"]!);
        var change = report["changes"]![0]!;
        Assert.Equal(
            ["bot", "crm", "list_customers"],
            new[] { "grant", "server", "tool" }.Select(member => (string)change[member]!));
        Assert.Equal("allowed", (string)change["before"]!["outcome"]!);
        Assert.Equal("rate_limited", (string)change["after"]!["outcome"]!);
        Assert.Equal("/tools/list_customers/limits/0", (string)change["after"]!["rule"]!);
        Assert.Contains("4 evaluated: 4 unchanged, 0 changed, 0 undetermined", same.Output, StringComparison.Ordinal);
        Assert.Empty((await bench.SendAsync("GET", "backtests")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task The_calls_of_a_server_and_a_tool_are_evaluated_whatever_policy_decided_them()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        await bench.CallAsync(token);
        await bench.CallAsync(token);
        await bench.SendAsync("PUT", "policies/other", JsonNode.Parse(AdminBench.Limited));
        var body = AdminBench.GrantBody("second");
        body["servers"]!["crm"] = "other";
        var created = await bench.SendAsync("POST", "grants", body);
        await bench.CallAsync((string)created.Json!["token"]!);
        await bench.SendAsync("POST", "servers/crm/rename", new JsonObject { ["name"] = "sales" });
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);
        string[] replay = ["audit", "replay", "--policy", file];
        string[] data = ["--data", Path.Combine(bench.Folder, "data")];

        foreach (var source in new string[][] { [], data })
        {
            var several = await Of(bench).RunAsync([.. replay, .. source]);
            var server = await Of(bench).RunAsync([.. replay, .. source, "--server", "sales", "--json"]);
            var tool = await Of(bench).RunAsync(
                [.. replay, .. source, "--server", "crm", "--tool", "list_customers", "--json"]);
            var none = await Of(bench).RunAsync([.. replay, .. source, "--server", "sales", "--tool", "drop"]);

            Assert.Equal((2, 0, 0, 1), (several.ExitCode, server.ExitCode, tool.ExitCode, none.ExitCode));
            Assert.Contains("--server", several.Errors, StringComparison.Ordinal);
            Assert.Equal((3, 2, 1), Figures(server));
            Assert.Equal((3, 2, 1), Figures(tool));
        }

        var both = await Of(bench).RunAsync([.. replay, "--server", "sales", "--name", "limited"]);
        var alone = await Of(bench).RunAsync([.. replay, "--tool", "list_customers"]);
        Assert.Equal((2, 2), (both.ExitCode, alone.ExitCode));
        Assert.Contains("--server and --name exclude each other", both.Errors, StringComparison.Ordinal);
        Assert.Contains("--tool needs --server", alone.Errors, StringComparison.Ordinal);

        static (int, int, int) Figures(CliRun run)
        {
            var report = JsonNode.Parse(run.Output)!;
            return ((int)report["judged"]!, (int)report["same"]!, (int)report["changed"]!);
        }
    }

    [Fact]
    public async Task A_rule_about_the_caller_is_undetermined_unless_one_is_assumed()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        await bench.CallAsync(token);
        await bench.CallAsync(token);
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, """
            {
              "version": "1", "default": "deny",
              "tools": { "list_customers": {
                "limits": [ { "counter": "lists", "window": "month", "max": 1, "scope": "subject" } ] } }
            }
            """);
        string[] replay = ["audit", "replay", "--policy", file, "--since", "1h", "--json"];
        string[] ana = ["--caller", """{ "issuer": "corp", "subject": "ana" }"""];
        string[] data = ["--data", Path.Combine(bench.Folder, "data")];

        var unknown = await Of(bench).RunAsync(replay);
        var remote = await Of(bench).RunAsync([.. replay, .. ana]);
        var local = await Of(bench).RunAsync([.. replay, .. ana, .. data]);

        Assert.Equal(2, (int)JsonNode.Parse(unknown.Output)!["unknown"]!);
        Assert.Equal(remote.Output, local.Output);
        Assert.Equal((1, 1), (
            (int)JsonNode.Parse(local.Output)!["same"]!, (int)JsonNode.Parse(local.Output)!["changed"]!));
    }

    [Fact]
    public async Task The_frontends_of_a_fleet_and_their_data_directories_say_the_same_of_all_calls()
    {
        await using var one = await AdminBench.StartAsync(SameKey);
        await using var other = await AdminBench.StartAsync(SameKey);
        foreach (var bench in new[] { one, other })
        {
            var token = await bench.ProvideAsync();
            await bench.CallAsync(token);
            await bench.CallAsync(token);
        }

        var file = Path.Combine(one.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);
        one.SetFleet(other.Host.Addresses[0], "http://127.0.0.1:1");
        other.SetFleet(one.Host.Addresses[0], "http://127.0.0.1:1");
        var all = $"{one.Host.Addresses[0]},{other.Host.Addresses[0]},http://127.0.0.1:1";
        string[] verb = ["audit", "replay", "--policy", file];

        string[] data = [Path.Combine(one.Folder, "data"), Path.Combine(other.Folder, "data")];

        var remote = await Of(one).RunAsync([.. verb, "--frontends", all, "--json"]);
        var local = await Of(one).RunAsync([.. verb, "--data", data[0], "--data", data[1], "--json"]);

        Assert.Equal((0, 0), (remote.ExitCode, local.ExitCode));
        Assert.Equal(remote.Output, local.Output);
        var report = JsonNode.Parse(local.Output)!;
        Assert.Equal([4, 1, 3, 0], Members[..4].Select(member => (int)report[member]!));
        Assert.Contains("http://127.0.0.1:1/ did not respond", remote.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sent no records", remote.Errors, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Control_C_cancels_the_job_of_the_gateway_too()
    {
        await using var bench = await AdminBench.StartAsync(SameKey);
        await using var endless = await EndlessFrontend.StartAsync();
        bench.SetFleet(endless.Url.ToString());
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);
        using var replay = new CliWatch(
            bench.Folder, new Uri(bench.Host.Addresses[0]), AdminBench.ConfiguredKey,
            "audit", "replay", "--policy", file, "--frontends", $"{bench.Host.Addresses[0]},{endless.Url}");
        await Soon.UntilAsync(() => endless.Open == 1, "the replay runs");

        Assert.Equal(130, await replay.InterruptAsync());

        Assert.Contains("Canceled", await replay.ReadErrorAsync(), StringComparison.Ordinal);
        Assert.Empty((await bench.SendAsync("GET", "backtests")).Json!["items"]!.AsArray());
        await Soon.UntilAsync(() => endless.Open == 0, "the other frontend is asked no more");
    }

    [Fact]
    public async Task A_record_that_cannot_be_replayed_is_reported_with_a_remedy()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);
        var data = Path.Combine(bench.Folder, "data");

        var quiet = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--data", data);
        await bench.CallAsync(token);
        var wrong = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--name", "limits", "--data", data);
        var nowhere = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--data", bench.Folder);
        var when = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--since", "last week");
        await File.WriteAllTextAsync(file, "{}");
        var none = await Of(bench).RunAsync("audit", "replay", "--policy", file);

        Assert.Equal((1, 1, 2, 2, 2), (quiet.ExitCode, wrong.ExitCode, nowhere.ExitCode, when.ExitCode, none.ExitCode));
        Assert.Contains("no call is recorded since 7d", quiet.Errors, StringComparison.Ordinal);
        Assert.Contains("no call of the policy limits is recorded since 7d", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("; calls of these policies are recorded: limited", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("has no audit log", nowhere.Errors, StringComparison.Ordinal);
        Assert.Contains("is not a time", when.Errors, StringComparison.Ordinal);
        Assert.Contains("version", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_several_policies_are_recorded_they_are_listed()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.CallAsync(await bench.ProvideAsync());
        await bench.SendAsync("PUT", "policies/second", JsonNode.Parse(Tighter));
        var body = AdminBench.GrantBody("two");
        body["servers"]!["crm"] = "second";
        await bench.CallAsync((string)(await bench.SendAsync("POST", "grants", body)).Json!["token"]!);
        var file = Path.Combine(bench.Folder, "edited.json");
        await File.WriteAllTextAsync(file, Tighter);

        var unnamed = await Of(bench).RunAsync("audit", "replay", "--policy", file);
        var named = await Of(bench).RunAsync("audit", "replay", "--policy", file, "--name", "second", "--json");

        Assert.Equal((2, ""), (unnamed.ExitCode, unnamed.Output));
        Assert.Contains(
            "limited, second. Write --name NAME or --server NAME.", unnamed.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (int)JsonNode.Parse(named.Output)!["judged"]!);
    }

    private static string SameKey => $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" } }""";

    private static Cli Of(AdminBench bench) => new(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);
}
