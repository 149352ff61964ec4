using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Commands;

/// <summary>What <c>gateway audit query</c> and <c>audit tail</c> print.</summary>
public sealed class AuditVerbTests
{
    [Fact]
    public async Task Shows_the_newest_last_and_says_what_was_cut_off()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        for (var i = 0; i < 8; i++)
            await bench.CallAsync(token);
        var cli = Of(bench);

        var all = await cli.RunAsync("audit", "query", "--kind", "decision", "--since", "2h", "--json");
        var cut = await cli.RunAsync("audit", "query", "--kind", "decision", "--limit", "3");
        var json = await cli.RunAsync("audit", "query", "--kind", "decision", "--limit", "3", "--json");
        var tail = await cli.RunAsync("audit", "tail", "--kind", "decision", "-n", "2");

        Assert.Equal(8, Lines(all).Length);
        Assert.Equal((0, ""), (all.ExitCode, all.Errors));
        var last = Lines(all).TakeLast(3).Select(Id).ToList();
        Assert.Equal(3, Lines(cut).Length);
        Assert.Equal("3 of 8 shown; see more with --limit or --since", cut.Errors.Trim());
        Assert.Equal(last, Lines(json).Skip(1).Select(Id));
        var answer = JsonNode.Parse(Lines(json)[0])!;
        Assert.Equal("answer", (string?)answer["kind"]);
        Assert.Equal((3, 8, true, false),
            ((int)answer["shown"]!, (int)answer["matched"]!, (bool)answer["counted"]!, (bool)answer["others"]!));
        Assert.Equal(2, Lines(tail).Length);
        Assert.Contains("rate_limited", Lines(tail)[^1], StringComparison.Ordinal);
        Assert.Equal("2 of 8 shown; see more with --lines", tail.Errors.Trim());
    }

    [Fact]
    public async Task Says_in_words_that_no_answer_came()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = "http://127.0.0.1:1/mcp" }, "*");
        await bench.CallAsync(token);

        var run = await Of(bench).RunAsync("audit", "query", "--kind", "outcome");

        Assert.Matches(
            "^[^ ]+  the server could not be reached  bot → crm  list_customers  "
                + "[0-9]+ ms, released  call [0-9a-f]{32}$",
            Assert.Single(Lines(run)));
    }

    [Fact]
    public async Task Filters_by_every_member_and_time()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        for (var i = 0; i < 5; i++)
            await bench.CallAsync(token);
        var cli = Of(bench);
        const string rule = "/tools/list_customers/limits/0";

        Assert.Equal(2, await CountAsync("--outcome", "rate_limited"));
        Assert.Equal(2, await CountAsync("--rule", rule, "--outcome", "rate_limited", "--tool", "list_customers"));
        Assert.Equal(3, await CountAsync("--kind", "outcome", "--tool", "list_customers"));
        Assert.Equal(5, await CountAsync("--grant", "bot", "--server", "crm", "--kind", "decision"));
        Assert.Equal(5, await CountAsync("--from", "1h", "--kind", "decision"));
        Assert.Equal(0, await CountAsync("--until", "1h"));
        Assert.Equal(0, await CountAsync("--tool", "other"));
        Assert.Equal(5, await CountAsync("--since", "yesterday", "--kind", "decision"));
        Assert.Equal(1, await CountAsync("--object", "grants/bot", "--action", "create"));

        async Task<int> CountAsync(params string[] filters)
        {
            var run = await cli.RunAsync(["audit", "query", .. filters]);
            Assert.Equal(Lines(run).Length == 0 ? 1 : 0, run.ExitCode);
            return Lines(run).Length;
        }
    }

    [Fact]
    public async Task Names_the_last_record_of_a_grant_that_no_longer_exists()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.CallAsync(await bench.ProvideAsync());
        await bench.SendAsync("DELETE", "grants/bot", ifMatch: "*");

        var kept = await Of(bench).RunAsync("audit", "query", "--grant", "bot", "--kind", "decision");
        var none = await Of(bench).RunAsync("audit", "query", "--grant", "bot", "--tool", "other");

        Assert.Equal((0, 1), (kept.ExitCode, Lines(kept).Length));
        Assert.Equal(1, none.ExitCode);
        Assert.Matches("^The grant bot no longer exists. Its newest record is of [^ ]+Z[.]\n", none.Errors);
    }

    [Theory]
    [InlineData("--outcome must be one of allowed, denied, rate_limited, approval_required", "--outcome", "refused")]
    [InlineData("--kind must be one of decision, outcome, approval, change, gap", "--kind", "decisions")]
    [InlineData("--since \"2w\" is not a time", "--since", "2w")]
    [InlineData("--until \"\" is not a time", "--until", "")]
    [InlineData("--since 1h must be before --until 2h", "--since", "1h", "--until", "2h")]
    [InlineData("--limit must be a whole number from 1", "--limit", "0")]
    [InlineData("--limit must be a whole number, not \"many\".", "--limit", "many")]
    [InlineData("--tool is empty", "--tool", "")]
    [InlineData("There is no grant \"bott\"; did you mean \"bot\"?", "--grant", "bott")]
    [InlineData("There is no server \"crmm\"; did you mean \"crm\"?", "--server", "crmm")]
    public async Task Refuses_what_is_not_of_the_set_and_names_it(string said, params string[] arguments)
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();

        var run = await Of(bench).RunAsync(["audit", "query", .. arguments]);

        Assert.Equal(said.StartsWith("There is no", StringComparison.Ordinal) ? 1 : 2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal("", string.Concat(Lines(run)
            .Where(static line => line.StartsWith("20", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("kind=decisions", "\\u0022kind\\u0022 must be one of")]
    [InlineData("outcome=no", "\\u0022outcome\\u0022 must be one of")]
    public async Task Refuses_them_over_the_API_too(string query, string said)
    {
        await using var bench = await AdminBench.StartAsync();

        var reply = await bench.SendAsync("GET", $"audit?{query}");

        Assert.Equal(400, reply.Status);
        Assert.Contains(said, reply.Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_approvals_with_the_id_that_show_takes()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        var id = await bench.AskAsync("""{"amount":5}""");
        await bench.DenyAsync(id, "Too much.");

        var text = Lines(await cli.RunAsync("audit", "query", "--kind", "approval"));

        Assert.Equal(2, text.Length);
        Assert.EndsWith(
            $"wants to call refund on {Server(text[0])}  by /tools/refund/action  approval {id[..16]}",
            text[0], StringComparison.Ordinal);
        Assert.Contains("admin denied refund on ", text[1], StringComparison.Ordinal);
        Assert.EndsWith(
            $": Too much.  from 127.0.0.1, admin-key, api, claimed to be Ada  approval {id[..16]}", text[1],
            StringComparison.Ordinal);
        var shown = await cli.RunAsync("approvals", "show", id[..16]);
        Assert.Contains("comment    Too much.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("state      denied", shown.Output, StringComparison.Ordinal);
        var json = await cli.RunAsync("approvals", "show", id, "--json");
        Assert.Equal(id, (string?)JsonNode.Parse(json.Output)!["id"]);
        var wrong = await cli.RunAsync("approvals", "show", "zzzz");
        Assert.Equal((1, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains("There is no approval \"zzzz\"", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await cli.RunAsync("approvals", "show", "")).ExitCode);
    }

    [Fact]
    public async Task Says_who_is_away_and_whose_key_is_wrong()
    {
        await using var bench = await AdminBench.StartAsync();

        var away = await new Cli(bench.Folder).RunAsync("audit", "query");
        var wrong = await new Cli(bench.Folder, new Uri(bench.Host.Addresses[0]), "wrong").RunAsync("audit", "tail");

        Assert.Equal((3, 2), (away.ExitCode, wrong.ExitCode));
        Assert.Contains("cannot be reached", away.Errors, StringComparison.Ordinal);
        Assert.Contains("--admin-key", wrong.Errors, StringComparison.Ordinal);
    }

    private static string Server(string line) => line.Split(" on ")[1].Split(' ')[0];

    private static Cli Of(AdminBench bench) => new(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);

    private static string[] Lines(CliRun run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Id(string line) => (string?)JsonNode.Parse(line)!["callId"];
}
