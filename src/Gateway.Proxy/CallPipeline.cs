using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Policy;
using Gateway.Proxy.Audit;
using Gateway.Proxy.Denials;
using Gateway.Proxy.Edge;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Shadow;
using Gateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy;

/// <summary>The whole story of one call: decide → acquire → record → forward. All branching is here.</summary>
internal sealed partial class CallPipeline(
    ILimiter limiter, ShadowLimits shadowLimits, Forwarder forwarder, StreamSlots slots, AuditLog audit,
    GatewayMetrics metrics, ProcessClock clock, GatewayOptions options, ILogger<CallPipeline> logger)
{
    public async Task RunAsync(GatewayCall call)
    {
        var decision = PolicyQuestion.Decide(call);
        call.Rule = decision.Rule;
        if (decision.IsMethodNotFound)
        {
            metrics.Decided(call, decision.Rule, RefusalOutcome.Denied);
            await audit.PostAsync(AuditLine.Decision(call, Refused(Refusal.Of(decision))));
            await RefusalAnswer.MethodNotFoundAsync(call);
        }
        else if (decision.Outcome != DecisionOutcome.Allow)
            await RefuseAsync(call, Refusal.Of(decision));
        else
            await WithSlotAsync(call, decision);
    }

    /// <summary>A subscription is a stream that stays open: it takes one of the grant's places first.</summary>
    private async Task WithSlotAsync(GatewayCall call, Decision decision)
    {
        var isStream = call.Message.Method == McpMethods.SubscriptionsListen;
        using var slot = isStream ? slots.TryEnter(call.Grant.Name) : null;
        if (isStream && slot is null)
            await RefuseAsync(call, TooManyStreams.Refusal);
        else
            await AdmitAndForwardAsync(call, decision);
    }

    private async Task AdmitAndForwardAsync(GatewayCall call, Decision decision)
    {
        Admission? admission = null;
        var shadow = ShadowOutcome.None;
        for (var attempt = 0; attempt < options.PermitAttemptsMax; attempt++)
        {
            // A further attempt is a decision of its own, at a later instant, under a call id of its own.
            var nowMs = attempt == 0 ? call.NowMs : clock.NowMs();
            if (attempt > 0)
                call.Id = CallId.New();
            var taken = await AcquireAsync(call, decision, nowMs, admission?.Permit);
            if (taken.Refusal is { } refused)
            {
                if (admission is not null)
                    await admission.GiveBackAsync();
                await RefuseAsync(call, Refusal.Of(decision.Costs, refused), decision, refused);
                return;
            }

            if (attempt == 0)
                shadow = await TakeShadowAsync(call, decision, nowMs);
            admission = new Admission(limiter, taken.Permit!, shadow.Permit);
            if (!await audit.RecordAsync(AuditLine.Decision(call, Allowed(decision, admission, shadow))))
            {
                await admission.GiveBackAsync();
                await RefuseAsync(call, Refusal.AuditUnavailable);
                return;
            }

            RateLimitFields.Write(call.Http.Response.Headers, decision.Costs, admission.Permit, nowMs);
            if (await forwarder.ForwardAsync(call, admission) == ForwardEnd.Answered)
                return;
        }

        await admission!.GiveBackAsync();
        await RefuseAsync(call, Refusal.PermitExpired);
    }

    private static DecisionRecord Allowed(Decision decision, Admission admission, in ShadowOutcome shadow) => new()
    {
        Rule = decision.Rule,
        Permit = admission.Permit,
        WouldBe = shadow.WouldBe,
        ShadowPermit = admission.Shadow,
    };

    private async ValueTask<ShadowOutcome> TakeShadowAsync(GatewayCall call, Decision decision, long nowMs)
    {
        var outcome = await shadowLimits.TakeAsync(call, decision, nowMs);
        if (outcome.WouldBe is { } wouldBe)
            metrics.WouldBe(call, wouldBe.Outcome);
        return outcome;
    }

    private ValueTask<LimitDecision> AcquireAsync(GatewayCall call, Decision decision, long nowMs, Permit? held) =>
        decision.LimitCosts.IsEmpty
            ? new(LimitDecision.Admit(Permit.None))
            : limiter.AcquireAsync(
                new LimitRequest(call.Id, nowMs, decision.LimitCosts, held), call.Http.RequestAborted);

    private async Task RefuseAsync(
        GatewayCall call, Refusal refusal, Decision? decision = null, LimitRefusal? refused = null)
    {
        metrics.Decided(call, refusal.Rule, refusal.Outcome);
        // Denied either way, so an audit log that cannot be written changes nothing for the agent.
        await audit.RecordAsync(AuditLine.Decision(call, Refused(refusal)));
        LogRefused(call.Id, call.Grant.Name, call.Server.Name, call.Message.Method, refusal.Rule, refusal.Reason);
        if (refusal.Limit is { } limit && decision is not null && refused is not null)
            RateLimitFields.Write(call.Http.Response.Headers, decision.Costs[refused.CostIndex], limit, call.NowMs);
        await RefusalAnswer.WriteAsync(call, refusal);
    }

    private static DecisionRecord Refused(Refusal refusal) => new() { Rule = refusal.Rule, Refusal = refusal };

    [LoggerMessage(1, LogLevel.Debug, "Call {CallId} of {Grant} to {Server} refused: {Method} by {Rule}: {Reason}")]
    private partial void LogRefused(CallId callId, string grant, string server, string method, string rule,
        string reason);
}
