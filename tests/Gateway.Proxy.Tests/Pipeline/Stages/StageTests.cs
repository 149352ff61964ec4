using Gateway.Audit.Records;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.RetryTokens;

namespace Gateway.Proxy.Tests.Pipeline.Stages;

/// <summary>Each stage by itself, on a call that has come so far.</summary>
public sealed class StageTests : IAsyncLifetime
{
    internal const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": {
            "free": { "limits": [] },
            "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour" }] },
            "shadowed": { "mode": "shadow", "limits": [{ "counter": "s", "max": 1, "window": "hour" }] },
            "timed": { "require": [{ "time": { "zone": "UTC", "hours": ["00:00-24:00"] } }] },
            "asked": { "action": "require_approval", "approval": { "wait": "0s" } }
          }
        }
        """;

    private StageBench _bench = null!;

    public async Task InitializeAsync() => _bench = await StageBench.OpenAsync(Policy);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task The_policy_lets_a_call_go_on_or_names_the_rule_that_does_not()
    {
        using var allowed = _bench.ToolCall("once");
        Assert.Equal(StageResult.Next, await _bench.RunAsync(StageNumber.Policy, allowed));
        Assert.Single(allowed.Decision.LimitCosts);

        using var denied = _bench.ToolCall("other");
        var refusal = (await _bench.RunAsync(StageNumber.Policy, denied)).Refusal!;
        Assert.Equal((RefusalCategory.Denied, "(default deny)"), (refusal.Outcome, refusal.Rule));
    }

    [Fact]
    public async Task Denies_what_a_time_of_day_decides_while_the_clock_cannot_be_trusted()
    {
        using var trusted = _bench.ToolCall("timed");
        Assert.Equal(StageResult.Next, await _bench.RunAsync(StageNumber.Policy, trusted));

        _bench.IsClockTrusted = false;
        using var doubted = _bench.ToolCall("timed");
        var refusal = (await _bench.RunAsync(StageNumber.Policy, doubted)).Refusal!;
        Assert.Equal((RefusalCategory.Denied, "/tools/timed/require/0"), (refusal.Outcome, refusal.Rule));
        using var other = _bench.ToolCall("once");
        Assert.Equal(StageResult.Next, await _bench.RunAsync(StageNumber.Policy, other));
    }

    [Fact]
    public async Task The_policy_stage_says_of_a_method_that_is_served_to_nobody_that_it_is_not_found()
    {
        using var call = _bench.Call("tasks/list");
        Assert.True((await _bench.RunAsync(StageNumber.Policy, call)).Refusal!.IsMethodNotFound);
    }

    [Fact]
    public async Task A_ticket_frees_one_retry_of_its_limits_and_no_second_one()
    {
        const string Retry = ""","requestState":"s1" """;
        using (var counted = _bench.ToolCall("once", Retry, McpRevision.Stateless))
            await _bench.Get<RetryTokenStore>().IssueAsync(counted, "\"s1\""u8.ToArray(), round: 0);

        using var first = _bench.ToolCall("once", Retry, McpRevision.Stateless);
        await _bench.PassAsync(first, StageNumber.RetryToken);
        Assert.Empty(first.Decision.LimitCosts);
        Assert.Equal(1, first.FreeRetries);

        using var second = _bench.ToolCall("once", Retry, McpRevision.Stateless);
        await _bench.PassAsync(second, StageNumber.RetryToken);
        Assert.Single(second.Decision.LimitCosts);
        Assert.Equal(0, second.FreeRetries);
    }

    [Fact]
    public async Task Whoever_needs_approval_is_refused_until_a_person_has_answered()
    {
        using var call = _bench.ToolCall("asked");
        await _bench.PassAsync(call, StageNumber.RetryToken);

        var refusal = (await _bench.RunAsync(StageNumber.Approval, call)).Refusal!;

        Assert.Equal(RefusalCategory.ApprovalRequired, refusal.Outcome);
        Assert.NotNull(refusal.ApprovalId);
        Assert.Null(call.Approval);
    }

    [Fact]
    public async Task The_limits_take_what_the_decision_says_or_refuse_with_the_limit()
    {
        using var first = _bench.ToolCall("once");
        await _bench.PassAsync(first, StageNumber.Limit);
        Assert.Equal(Amount.One, Assert.Single(first.Permits!.Permit.Parts).Cost);

        using var second = _bench.ToolCall("once");
        await _bench.PassAsync(second, StageNumber.Approval);
        var result = await _bench.RunAsync(StageNumber.Limit, second);
        Assert.Equal((RefusalCategory.RateLimited, "c"), (result.Refusal!.Outcome, result.Refusal.Limit!.Counter));
        Assert.NotNull(result.Limit);
        Assert.Null(second.Permits);
    }

    [Fact]
    public async Task A_further_attempt_has_an_id_of_its_own_and_no_more_numbers_than_the_first()
    {
        using var call = _bench.ToolCall("once");
        await _bench.PassAsync(call, StageNumber.Limit);
        var (id, first) = (call.Id, call.Permits);

        Assert.Equal(StageResult.Next, await _bench.RunAsync(StageNumber.Limit, call));

        Assert.NotEqual(id, call.Id);
        Assert.NotSame(first, call.Permits);
        Assert.Equal(Amount.One, Assert.Single(call.Permits!.Permit.Parts).UsedAfter);
    }

    [Fact]
    public async Task Shadow_limits_are_taken_after_the_others_and_stop_nothing()
    {
        using var first = _bench.ToolCall("shadowed");
        await _bench.PassAsync(first, StageNumber.Limit);
        Assert.Single(first.Permits!.Shadow.Parts);
        Assert.Null(first.ShadowRefusal);

        using var second = _bench.ToolCall("shadowed");
        await _bench.PassAsync(second, StageNumber.Limit);
        Assert.Equal(RefusalCategory.RateLimited, second.ShadowRefusal!.Outcome);
    }

    [Fact]
    public async Task A_subscription_takes_one_of_the_grants_places_and_leaves_it_with_the_call()
    {
        var streams = _bench.Get<Gateway.Proxy.Upstreams.Relay.StreamLimiter>();
        using (var call = _bench.Call("subscriptions/listen", revision: McpRevision.Stateless))
        {
            await _bench.PassAsync(call, StageNumber.Limit);
            Assert.Equal(1, streams.Open);
        }

        Assert.Equal(0, streams.Open);
    }

    [Fact]
    public async Task The_decision_is_on_record_and_its_fields_are_set_before_anything_leaves()
    {
        using var call = _bench.ToolCall("once");
        await _bench.PassAsync(call, StageNumber.Audit);

        Assert.StartsWith("\"c\";r=0;t=", call.Http.Response.Headers["RateLimit"].ToString(), StringComparison.Ordinal);
        var record = Assert.Single(_bench.Records());
        Assert.Equal(("allowed", call.IdText),
            (record.GetProperty("outcome").GetString(), record.GetProperty("callId").GetString()));
    }

    [Fact]
    public async Task Denies_when_the_decision_cannot_be_recorded()
    {
        using var call = _bench.ToolCall("free");
        await _bench.PassAsync(call, StageNumber.Limit);
        _bench.Get<AuditLog>().Dispose();

        Assert.Same(Refusal.AuditUnavailable, (await _bench.RunAsync(StageNumber.Audit, call)).Refusal);
    }

    [Fact]
    public async Task A_permit_that_expired_on_the_way_goes_back_to_the_limits_and_nothing_is_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _bench.Server = new Uri($"http://{listener.LocalEndpoint}/mcp");
        using var call = _bench.ToolCall("once");
        await _bench.PassAsync(call, StageNumber.Audit);
        _bench.Time.Jump(TimeSpan.FromHours(1));

        Assert.Equal(
            StageResult.BackTo(StageNumber.Limit, Refusal.PermitExpired),
            await _bench.RunAsync(StageNumber.Forward, call));

        Assert.Null(call.Answer);
        Assert.Null(call.Missing);
        using var connection = await listener.AcceptSocketAsync();
        Assert.Equal(0, connection.Available);
        Assert.Equal(["allowed", "permit expired"], _bench.Records().Select(static record =>
            record.GetProperty(record.TryGetProperty("ended", out _) ? "ended" : "outcome").GetString()));
    }

    [Fact]
    public async Task A_call_that_reached_no_server_is_settled_as_released_and_its_agent_is_told()
    {
        using var call = _bench.ToolCall("once");
        await _bench.PassAsync(call, StageNumber.Relay);
        Assert.NotNull(call.Missing!.Failure);
        Assert.Empty(StageBench.Answer(call));

        Assert.Equal(StageResult.Done, await _bench.RunAsync(StageNumber.Finish, call));

        Assert.Equal(502, call.Http.Response.StatusCode);
        Assert.Contains("was not counted", StageBench.Answer(call), StringComparison.Ordinal);
        using var next = _bench.ToolCall("once");
        await _bench.PassAsync(next, StageNumber.Limit);
        Assert.Equal("released", _bench.Records()[1].GetProperty("counted").GetString());
    }
}
