namespace Gateway.Server.Tests.Approvals;

/// <summary>A person is asked about some calls of a tool only.</summary>
public sealed class ApproveIfTests
{
    private const string Over100 = """
        , "deny_if": [ { "path": "args.amount", "op": "gt", "value": 1000 } ],
          "approve_if": [ { "path": "args.amount", "op": "gt", "value": 100 } ],
          "limits": [ { "counter": "refunded", "window": "month", "max": 600, "increment_from": "args.amount" } ]
        """;

    [Fact]
    public async Task Asks_a_person_over_an_amount_only_and_nobody_where_there_is_no_room()
    {
        await using var bench = await ApprovalBench.StartAsync(more: Over100, action: "allow");
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":100}""")));

        var asked = ApprovalBench.Decision(await bench.CallAsync("""{"amount":450}"""));
        Assert.Equal("/tools/refund/approve_if/0", asked.GetProperty("rule").GetString());
        var id = asked.GetProperty("approvalId").GetString()!;
        Assert.Equal("denied", Outcome(await bench.CallAsync("""{"amount":1001}""")));
        Assert.Equal("rate_limited", Outcome(await bench.CallAsync("""{"amount":501}""")));
        Assert.Equal([id], await bench.OpenAsync(1));

        await bench.ApproveAsync(id);
        Assert.True(ApprovalBench.IsDone(await bench.CallAsync("""{"amount":450}""")));
        Assert.Equal("rate_limited", Outcome(await bench.CallAsync("""{"amount":51}""")));
        Assert.Equal(2, bench.Server.Requests.Count);
    }

    [Fact]
    public async Task Lets_a_held_call_through_the_moment_it_is_approved()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", more: Over100, action: "allow");
        var call = bench.CallAsync("""{"amount":101}""");
        var id = Assert.Single(await bench.OpenAsync(1));
        Assert.Empty(bench.Server.Requests);

        await bench.ApproveAsync(id);

        Assert.True(ApprovalBench.IsDone(await call));
    }

    [Fact]
    public async Task Evaluates_a_pending_call_at_the_time_when_it_proceeds()
    {
        // 17:55 on a Friday in São Paulo.
        var time = new JumpingTime(new DateTimeOffset(2027, 1, 15, 20, 55, 0, TimeSpan.Zero));
        await using var bench = await ApprovalBench.StartAsync(wait: "30m", time: time, more: """
            , "require": [ { "time": { "zone": "America/Sao_Paulo", "days": ["mon-fri"], "hours": ["09:00-18:00"] } } ]
            """);
        var call = bench.CallAsync();
        var id = Assert.Single(await bench.OpenAsync(1));

        time.Jump(TimeSpan.FromMinutes(10));
        await bench.ApproveAsync(id);

        var decision = ApprovalBench.Decision(await call);
        Assert.Equal("denied", decision.GetProperty("outcome").GetString());
        Assert.Equal("/tools/refund/require/0", decision.GetProperty("rule").GetString());
        Assert.Empty(bench.Server.Requests);
    }

    private static string? Outcome(System.Text.Json.JsonElement answer) =>
        ApprovalBench.Decision(answer).GetProperty("outcome").GetString();
}
