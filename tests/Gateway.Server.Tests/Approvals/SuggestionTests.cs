namespace Gateway.Server.Tests.Approvals;

/// <summary>A denial with other arguments: the agent may call with exactly those, once.</summary>
public sealed class SuggestionTests
{
    private const string Asked = """{"amount":500,"id":17}""";
    private const string Suggested = """{"amount":50,"id":17}""";

    [Fact]
    public async Task A_suggestion_is_sent_to_the_agent_and_allows_exactly_its_arguments_once()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync(Asked);

        var (status, denied) = await SuggestAsync(bench, id, Suggested);

        Assert.Equal((200, "denied"), (status, (string?)denied!["state"]));
        var text = ApprovalBench.Text(await bench.CallAsync(Asked));
        Assert.Contains($"exactly these: {Suggested}", text, StringComparison.Ordinal);
        Assert.Empty(bench.Server.Requests);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{ "id": 17, "amount": 50 }""")));
        Assert.Single(bench.Server.Requests);
        // Used up: it is asked about again, and no longer suggested.
        await bench.AskAsync(Suggested);
        var later = ApprovalBench.Text(await bench.CallAsync(Asked));
        Assert.DoesNotContain("exactly these", later, StringComparison.Ordinal);
        await bench.Gateway.DisposeHostAsync();
        var records = bench.Gateway.AuditRecords();
        Assert.DoesNotContain(
            records, static record => record.GetRawText().Contains("\"amount\":50", StringComparison.Ordinal));
        var approved = Assert.Single(records, static record => record.TryGetProperty("suggestedFor", out _)
            && record.GetProperty("became").GetString() == "approved");
        Assert.Equal(id, approved.GetProperty("suggestedFor").GetString());
    }

    [Fact]
    public async Task Held_call_that_is_denied_gets_the_suggestion_with_the_denial()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        for (var round = 0; round < 4; round++)
        {
            var call = bench.CallAsync($$"""{"amount":{{500 + round}}}""");
            await SuggestAsync(bench, Assert.Single(await bench.OpenAsync(1)), $$"""{"amount":{{round}}}""");

            var text = ApprovalBench.Text(await call.WaitAsync(Soon.AtMost));

            Assert.Contains($$"""exactly these: {"amount":{{round}}}""", text, StringComparison.Ordinal);
        }

        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task A_suggested_call_is_evaluated_like_any_other()
    {
        await using var bench = await ApprovalBench.StartAsync(
            more: """, "deny_if": [{ "path": "args.amount", "op": "lt", "value": 100 }]""");
        var id = await bench.AskAsync(Asked);

        await SuggestAsync(bench, id, Suggested);

        var decision = ApprovalBench.Decision(await bench.CallAsync(Suggested));
        Assert.Equal("denied", decision.GetProperty("outcome").GetString());
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Is_over_with_a_change_of_the_rule_that_asked()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await SuggestAsync(bench, await bench.AskAsync(Asked), Suggested);

        await bench.RestartAsync(
            policy: static policy => policy.Replace("\"15m\"", "\"16m\"", StringComparison.Ordinal));

        await bench.AskAsync(Suggested);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Waits_for_the_others_where_several_must_approve()
    {
        await using var bench = await ApprovalBench.StartAsync(approvals: 2);
        var ana = await bench.OperatorKeyAsync("ana", "approver");
        var bob = await bench.OperatorKeyAsync("bob", "approver");
        await SuggestAsync(bench, await bench.AskAsync(Asked), Suggested, ana);

        var open = Assert.Single(await bench.OpenAsync(1));
        Assert.Equal(open, await bench.AskAsync(Suggested));
        Assert.Equal(409, (await bench.SendAsync("POST", $"approvals/{open}/approve", new JsonObject(), ana)).Status);
        await bench.SendAsync("POST", $"approvals/{open}/approve", new JsonObject(), bob);

        Assert.True(ApprovalBench.IsDone(await bench.CallAsync(Suggested)));
    }

    [Theory]
    [InlineData("deny", "[1]", 422, "must be a JSON object")]
    [InlineData("deny", "\"text\"", 422, "must be a JSON object")]
    [InlineData("deny", Asked, 422, "those that you deny")]
    [InlineData("approve", Suggested, 422, "omit \"suggestedArguments\"")]
    public async Task Is_refused_where_it_is_none(string verb, string suggested, int status, string said)
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync(Asked);

        var (answered, problem) = await bench.SendAsync(
            "POST", $"approvals/{id}/{verb}", new JsonObject { ["suggestedArguments"] = JsonNode.Parse(suggested) });

        Assert.Equal(status, answered);
        Assert.Contains(said, (string?)problem!["detail"], StringComparison.Ordinal);
        Assert.Single(await bench.OpenAsync(1));
    }

    [Fact]
    public async Task Is_made_from_a_shell()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync(Asked);
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);

        var wrong = await cli.RunAsync("approvals", "deny", id, "--suggest", "[");
        var denied = await cli.RunAsync("approvals", "deny", id, "--suggest", Suggested);

        Assert.Equal((2, 0), (wrong.ExitCode, denied.ExitCode));
        Assert.Contains("suggested arguments is allowed", denied.Output, StringComparison.Ordinal);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync(Suggested)));
    }

    private static Task<(int Status, JsonNode? Json)> SuggestAsync(
        ApprovalBench bench, string id, string arguments, string key = ApprovalBench.AdminKey) => bench.SendAsync(
        "POST", $"approvals/{id}/deny", new JsonObject { ["suggestedArguments"] = JsonNode.Parse(arguments) }, key);
}
