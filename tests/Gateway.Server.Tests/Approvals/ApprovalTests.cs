namespace Gateway.Server.Tests.Approvals;

/// <summary>One call, one person's yes: for these exact arguments, once, and in time.</summary>
public sealed class ApprovalTests
{
    [Fact]
    public async Task Who_looks_at_an_open_request_is_on_record_once()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync();
        var ada = await bench.OperatorKeyAsync("ada", "viewer");

        // The list shows the arguments too.
        await bench.SendAsync("GET", "approvals");
        for (var i = 0; i < 2; i++)
            await bench.SendAsync("GET", $"approvals/{id}", key: ada);
        await bench.SendAsync("GET", $"approvals/{id}");
        await bench.ApproveAsync(id);
        await bench.SendAsync("GET", $"approvals/{id}", key: await bench.OperatorKeyAsync("ben", "viewer"));

        await bench.Gateway.DisposeHostAsync();
        Assert.Equal(["admin", "ada"], bench.Gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "approval"
                && record.GetProperty("became").GetString() == "viewed")
            .Select(static record => record.GetProperty("by").GetString()!));
    }

    private static readonly DateTimeOffset Noon = new(2027, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_agent_learns_that_approval_is_pending_and_the_next_step()
    {
        await using var bench = await ApprovalBench.StartAsync();

        var answer = await bench.CallAsync();

        var decision = ApprovalBench.Decision(answer);
        var id = decision.GetProperty("approvalId").GetString()!;
        Assert.Equal("approval_required", decision.GetProperty("outcome").GetString());
        Assert.Equal("/tools/refund/action", decision.GetProperty("rule").GetString());
        Assert.Equal(32, id.Length);
        var text = ApprovalBench.Text(answer);
        Assert.StartsWith("Policy violation: Refunds are approved by a person.", text, StringComparison.Ordinal);
        Assert.Contains(id, text, StringComparison.Ordinal);
        Assert.Contains("call again with the same arguments", text, StringComparison.Ordinal);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Used_request_is_shown_from_the_record_after_another_has_replaced_it()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync();
        await bench.ApproveAsync(id);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync()));
        await bench.AskAsync();
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);

        var shown = await cli.RunAsync("approvals", "show", id[..16]);
        var json = JsonNode.Parse((await cli.RunAsync("approvals", "show", id, "--json")).Output)!;
        var unknown = await cli.RunAsync("approvals", "show", new string('0', 32));

        Assert.True(shown.ExitCode == 0, shown.Errors);
        Assert.Matches("state +used\n", shown.Output);
        Assert.Matches("used +20[0-9-]{8}T[0-9:]{8}Z\n", shown.Output);
        Assert.Equal((id, "used", "admin"), (
            (string?)json["id"], (string?)json["state"], (string?)json["answeredBy"]));
        var call = await bench.SendAsync("GET", $"calls/{(string?)json["callId"]}");
        Assert.Equal(200, call.Status);
        Assert.Equal(1, unknown.ExitCode);
    }

    [Fact]
    public async Task Lets_the_same_call_go_ahead_once_and_asks_again_for_the_next()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync();
        Assert.Equal(id, await bench.AskAsync());

        Assert.Equal(200, (await bench.ApproveAsync(id)).Status);

        Assert.True(ApprovalBench.IsDone(await bench.CallAsync()));
        Assert.NotEqual(id, await bench.AskAsync());
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task Takes_arguments_written_differently_as_the_same_and_others_as_others()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await bench.ApproveAsync(await bench.AskAsync("""{"amount":5.0,"to":{"name":"Zoë","id":1}}"""));

        await bench.AskAsync("""{"amount":5.000000001,"to":{"name":"Zoë","id":1}}""");
        await bench.AskAsync("""{"amount":"5","to":{"name":"Zoë","id":1}}""");
        await bench.AskAsync("""{"amount":5,"to":{"name":"Zoe","id":1}}""");
        await bench.AskAsync("""{"amount":5,"to":{"name":"Zoë","id":1},"more":null}""");

        Assert.True(ApprovalBench.IsDone(
            await bench.CallAsync("""{ "to" : {"id": 1e0, "name": "Zo\u00eb"}, "amount": 50e-1 }""")));
    }

    [Fact]
    public async Task Lets_no_other_grant_use_an_approval()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await bench.ApproveAsync(await bench.AskAsync());

        var decision = ApprovalBench.Decision(await bench.CallAsOtherAsync());

        Assert.Equal("approval_required", decision.GetProperty("outcome").GetString());
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task The_agent_gets_the_denial_and_its_reason_on_every_retry()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync();

        await bench.DenyAsync(id, "Not without the customer's\nwritten request");

        for (var i = 0; i < 2; i++)
        {
            var answer = await bench.CallAsync();
            Assert.Equal("denied", ApprovalBench.Decision(answer).GetProperty("outcome").GetString());
            Assert.Equal(id, ApprovalBench.Decision(answer).GetProperty("approvalId").GetString());
            Assert.Contains("admin denied this call: Not without the customer's written request.",
                ApprovalBench.Text(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Remembers_over_a_restart_what_was_asked_answered_and_used()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var asked = await bench.AskAsync();
        await bench.RestartAsync();
        Assert.Equal(200, (await bench.ApproveAsync(asked)).Status);
        await bench.RestartAsync();

        Assert.True(ApprovalBench.IsDone(await bench.CallAsync()));

        await bench.RestartAsync();
        Assert.NotEqual(asked, await bench.AskAsync());
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task Takes_the_first_of_many_decisions_and_names_its_operator_to_the_others()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? bench.ApproveAsync(id, $"operator {i}")
            : bench.DenyAsync(id, "no", $"operator {i}")));

        var first = Assert.Single(answers, answer => answer.Status == 200);
        var by = first.Json!["answeredBy"]!.GetValue<string>();
        Assert.All(answers.Where(answer => answer != first), answer =>
        {
            Assert.Equal(409, answer.Status);
            Assert.Contains(by, answer.Json!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Lets_one_of_many_equal_calls_through_on_one_approval()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await bench.ApproveAsync(await bench.AskAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => bench.CallAsync()));

        Assert.Single(answers, ApprovalBench.IsDone);
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task Forgets_what_nobody_answered_or_used_in_time()
    {
        var time = new JumpingTime(Noon);
        await using var bench = await ApprovalBench.StartAsync(time: time);
        var unanswered = await bench.AskAsync();
        var unused = await bench.AskAsync("""{"amount":6}""");
        time.Jump(TimeSpan.FromMinutes(14));
        await bench.ApproveAsync(unused);

        time.Jump(TimeSpan.FromMinutes(2));
        var late = await bench.ApproveAsync(unanswered);
        time.Jump(TimeSpan.FromMinutes(14));

        Assert.True(late.Status is 404 or 409);
        Assert.NotEqual(unanswered, await bench.AskAsync());
        Assert.NotEqual(unused, await bench.AskAsync("""{"amount":6}"""));
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Asks_nobody_about_a_call_that_has_no_room()
    {
        await using var bench = await ApprovalBench.StartAsync(more: """
            , "limits": [ { "counter": "refunded", "window": "month", "max": 10, "increment_from": "args.amount" } ]
            """);
        await bench.ApproveAsync(await bench.AskAsync("""{"amount":8}"""));
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":8}""")));

        var decision = ApprovalBench.Decision(await bench.CallAsync("""{"amount":3}"""));

        Assert.Equal("rate_limited", decision.GetProperty("outcome").GetString());
        Assert.Equal("8", decision.GetProperty("limit").GetProperty("used").GetRawText());
        await bench.OpenAsync(0);
    }

    [Fact]
    public async Task Counts_when_the_call_goes_ahead_and_keeps_an_approval_that_finds_no_room()
    {
        var time = new JumpingTime(Noon + TimeSpan.FromMinutes(710));
        await using var bench = await ApprovalBench.StartAsync(time: time, more: """
            , "limits": [ { "counter": "refunded", "window": "day", "max": 10, "increment_from": "args.amount" } ]
            """);
        await bench.ApproveAsync(await bench.AskAsync("""{"amount":6}"""));
        await bench.ApproveAsync(await bench.AskAsync("""{"amount":7}"""));
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":6}""")));
        Assert.False(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":7}""")));

        time.Jump(TimeSpan.FromMinutes(11));

        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":7}""")));
    }

    [Fact]
    public async Task Gives_the_approval_back_where_no_byte_reached_the_server()
    {
        await using var bench = await ApprovalBench.StartAsync();
        await bench.ApproveAsync(await bench.AskAsync());
        await bench.Server.StopAsync();

        for (var i = 0; i < 2; i++)
        {
            using var response = await bench.Gateway.PostAsync(ApprovalBench.Body("""{"amount":5}"""));
            Assert.Equal(502, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Bounds_what_one_grant_may_have_open()
    {
        await using var bench = await ApprovalBench.StartAsync();
        for (var i = 0; i < 32; i++)
            await bench.AskAsync($$"""{"amount":{{i}}}""");

        var refused = await bench.CallAsync("""{"amount":32}""");

        Assert.Equal("denied", ApprovalBench.Decision(refused).GetProperty("outcome").GetString());
        Assert.Contains("32 requests open", ApprovalBench.Text(refused), StringComparison.Ordinal);
        var other = await bench.CallAsOtherAsync();
        Assert.Equal("approval_required", ApprovalBench.Decision(other).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Asks_nobody_about_more_than_a_person_is_shown()
    {
        await using var bench = await ApprovalBench.StartAsync();

        var answer = await bench.CallAsync($$"""{"text":"{{new string('x', 70_000)}}"}""");

        Assert.Equal("denied", ApprovalBench.Decision(answer).GetProperty("outcome").GetString());
        await bench.OpenAsync(0);
    }

    [Fact]
    public async Task Shows_the_operator_what_is_asked_and_an_agent_nothing()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync("""{"amount":12345678901234567890.10}""");

        var (status, shown) = await bench.SendAsync("GET", "approvals/" + id);
        var asAgent = await bench.SendAsync("GET", "approvals", key: TestTokens.Agent);
        var approvedByAgent = await bench.SendAsync(
            "POST", $"approvals/{id}/approve", new JsonObject(), TestTokens.Agent);

        Assert.Equal(200, status);
        Assert.Equal("agent", shown!["grant"]!.GetValue<string>());
        Assert.Equal("""{"amount":12345678901234567890.10}""", shown["arguments"]!.ToJsonString());
        Assert.Equal((401, 401), (asAgent.Status, approvedByAgent.Status));
        await bench.OpenAsync(1);
    }

    [Fact]
    public async Task Records_who_approved_what_without_the_values_of_arguments()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var id = await bench.AskAsync("""{"amount":987654}""");
        await bench.ApproveAsync(id);
        await bench.CallAsync("""{"amount":987654}""");
        await bench.Gateway.DisposeHostAsync();

        var records = bench.Gateway.AuditRecords();

        var became = records.Where(record => Kind(record) == "approval")
            .Select(record => record.GetProperty("became").GetString());
        Assert.Equal(["asked", "approved"], became);
        var allowed = Assert.Single(records, record => Kind(record) == "decision"
            && record.GetProperty("outcome").GetString() == "allowed");
        Assert.Equal(id, allowed.GetProperty("approvalId").GetString());
        Assert.Equal("admin", allowed.GetProperty("approvedBy").GetString());
        Assert.DoesNotContain(records, record => record.GetRawText().Contains("987654", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asks_nobody_in_shadow_mode_and_records_that_it_would()
    {
        await using var bench = await ApprovalBench.StartAsync(more: """, "mode": "shadow" """);

        Assert.True(ApprovalBench.IsDone(await bench.CallAsync()));

        await bench.OpenAsync(0);
        await bench.Gateway.DisposeHostAsync();
        var decision = Assert.Single(bench.Gateway.AuditRecords(), record => Kind(record) == "decision");
        Assert.Equal(
            "approval_required", decision.GetProperty("shadow").GetProperty("outcome").GetString());
    }

    private static string? Kind(JsonElement record) => record.GetProperty("kind").GetString();
}
