using Gateway.Audit.Records;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
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
        Assert.Single((await _bench.PassAsync<CallContext, DecidedCall>(allowed)).Decision.LimitCosts);

        using var denied = _bench.ToolCall("other");
        var refusal = (await _bench.EndAsync<CallContext, DecidedCall>(denied)).Refusal!;
        Assert.Equal((RefusalCategory.Denied, "(default deny)"), (refusal.Outcome, refusal.Rule));
    }

    [Fact]
    public async Task Denies_what_a_time_of_day_decides_while_the_clock_cannot_be_trusted()
    {
        using var trusted = _bench.ToolCall("timed");
        await _bench.PassAsync<CallContext, DecidedCall>(trusted);

        _bench.IsClockTrusted = false;
        using var doubted = _bench.ToolCall("timed");
        var refusal = (await _bench.EndAsync<CallContext, DecidedCall>(doubted)).Refusal!;
        Assert.Equal((RefusalCategory.Denied, "/tools/timed/require/0"), (refusal.Outcome, refusal.Rule));
        using var other = _bench.ToolCall("once");
        await _bench.PassAsync<CallContext, DecidedCall>(other);
    }

    [Fact]
    public async Task The_policy_stage_says_of_a_method_that_is_served_to_nobody_that_it_is_not_found()
    {
        using var call = _bench.Call("tasks/list");
        Assert.True((await _bench.EndAsync<CallContext, DecidedCall>(call)).Refusal!.IsMethodNotFound);
    }

    [Fact]
    public async Task A_retry_token_makes_one_retry_free_and_no_second_one()
    {
        const string Retry = ""","requestState":"s1" """;
        using (var counted = _bench.ToolCall("once", Retry, McpRevision.Stateless))
            await _bench.Get<RetryTokenStore>().IssueAsync(counted, "\"s1\""u8.ToArray(), round: 0);

        using var first = _bench.ToolCall("once", Retry, McpRevision.Stateless);
        var free = await _bench.PriceAsync(first);
        Assert.Empty(free.Decision.LimitCosts);
        Assert.Equal(1, free.FreeRetries);

        using var second = _bench.ToolCall("once", Retry, McpRevision.Stateless);
        var priced = await _bench.PriceAsync(second);
        Assert.Single(priced.Decision.LimitCosts);
        Assert.Equal(0, priced.FreeRetries);
    }

    [Fact]
    public async Task A_call_that_needs_approval_is_refused_until_a_person_decides()
    {
        using var call = _bench.ToolCall("asked");
        var priced = await _bench.PriceAsync(call);

        var refusal = (await _bench.EndAsync<PricedCall, ApprovedCall>(priced)).Refusal!;

        Assert.Equal(RefusalCategory.ApprovalRequired, refusal.Outcome);
        Assert.NotNull(refusal.ApprovalId);
    }

    [Fact]
    public async Task The_limits_take_what_the_decision_says_or_refuse_with_the_limit()
    {
        using var first = _bench.ToolCall("once");
        Assert.Equal(Amount.One, Assert.Single((await _bench.AdmitAsync(first)).Permit.Parts).Cost);

        using var second = _bench.ToolCall("once");
        var end = await _bench.EndAsync<LimitAttempt, AdmittedCall>(new(await _bench.ApproveAsync(second), null));
        Assert.Equal((RefusalCategory.RateLimited, "c"), (end.Refusal!.Outcome, end.Refusal.Limit!.Counter));
        Assert.NotNull(end.Limit);
        Assert.Equal("c", end.Costs[end.Limit.CostIndex].Counter);
    }

    [Fact]
    public async Task A_further_attempt_has_an_id_of_its_own_and_no_more_numbers_than_the_first()
    {
        using var call = _bench.ToolCall("once");
        var approved = await _bench.ApproveAsync(call);
        var first = await _bench.PassAsync<LimitAttempt, AdmittedCall>(new(approved, null));
        var id = call.Id;

        var second = await _bench.PassAsync<LimitAttempt, AdmittedCall>(new(approved, first));

        Assert.NotEqual(id, call.Id);
        Assert.NotSame(first, second);
        Assert.Equal(Amount.One, Assert.Single(second.Permit.Parts).UsedAfter);
    }

    [Fact]
    public async Task Shadow_limits_are_taken_after_the_others_and_stop_nothing()
    {
        using var first = _bench.ToolCall("shadowed");
        var admitted = await _bench.AdmitAsync(first);
        Assert.Single(admitted.Shadow.Parts);
        Assert.Null(admitted.ShadowRefusal);

        using var second = _bench.ToolCall("shadowed");
        Assert.Equal(RefusalCategory.RateLimited, (await _bench.AdmitAsync(second)).ShadowRefusal!.Outcome);
    }

    [Fact]
    public async Task A_subscription_takes_one_of_the_grants_places_and_leaves_it_with_the_call()
    {
        var streams = _bench.Get<Gateway.Proxy.Upstreams.Relay.StreamLimiter>();
        using (var call = _bench.Call("subscriptions/listen", revision: McpRevision.Stateless))
        {
            await _bench.AdmitAsync(call);
            Assert.Equal(1, streams.Open);
        }

        Assert.Equal(0, streams.Open);
    }

    [Fact]
    public async Task The_decision_is_on_record_and_its_fields_are_set_before_anything_leaves()
    {
        using var call = _bench.ToolCall("once");
        await _bench.RecordAsync(call);

        Assert.StartsWith("\"c\";r=0;t=", call.Http.Response.Headers["RateLimit"].ToString(), StringComparison.Ordinal);
        var record = Assert.Single(_bench.Records());
        Assert.Equal(("allowed", call.IdText),
            (record.GetProperty("outcome").GetString(), record.GetProperty("callId").GetString()));
    }

    [Fact]
    public async Task Denies_when_the_decision_cannot_be_recorded()
    {
        using var call = _bench.ToolCall("free");
        var admitted = await _bench.AdmitAsync(call);
        _bench.Get<AuditLog>().Dispose();

        Assert.Same(
            Refusal.AuditUnavailable, (await _bench.EndAsync<AdmittedCall, AuditedCall>(admitted)).Refusal);
    }

    [Fact]
    public async Task A_permit_that_expired_on_the_way_goes_back_to_the_limits_and_nothing_is_sent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _bench.Server = new Uri($"http://{listener.LocalEndpoint}/mcp");
        using var call = _bench.ToolCall("once");
        var recorded = await _bench.RecordAsync(call);
        _bench.Time.Jump(TimeSpan.FromHours(1));

        var end = await _bench.EndAsync<AuditedCall, ForwardedCall>(recorded);

        Assert.Same(recorded.Admitted, end.ToLimits);
        Assert.Same(Refusal.PermitExpired, end.Refusal);
        using var connection = await listener.AcceptSocketAsync();
        Assert.Equal(0, connection.Available);
        Assert.Equal(["allowed", "permit expired"], _bench.Records().Select(static record =>
            record.GetProperty(record.TryGetProperty("ended", out _) ? "ended" : "outcome").GetString()));
    }

    [Fact]
    public async Task A_call_that_reached_no_server_is_released_and_its_agent_is_notified()
    {
        using var call = _bench.ToolCall("once");
        var forwarded = await _bench.PassAsync<AuditedCall, ForwardedCall>(await _bench.RecordAsync(call));
        Assert.NotNull(forwarded.Missing!.Failure);
        Assert.Empty(StageBench.Answer(call));

        var relayed = await _bench.PassAsync<ForwardedCall, RelayedCall>(forwarded);
        Assert.Equal(StageEnd.Finished, await _bench.EndAsync<RelayedCall, AdmittedCall>(relayed));

        Assert.Equal(502, call.Http.Response.StatusCode);
        Assert.Contains("was not counted", StageBench.Answer(call), StringComparison.Ordinal);
        using var next = _bench.ToolCall("once");
        await _bench.AdmitAsync(next);
        Assert.Equal("released", _bench.Records()[1].GetProperty("counted").GetString());
    }
}
