using Gateway.Approvals.Requests;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Options;
using Gateway.Identity.Listeners;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.Shadow;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Waiting;
using Gateway.Upstreams.Relay;

namespace Gateway.Proxy.Pipeline;

/// <summary>
/// The whole story of one call: decide → approval → acquire → record → forward. All branching is here.
/// </summary>
public sealed class CallPipeline(
    ILimiter limiter, ShadowLimits shadowLimits, ApprovalStage approvals, RetryTokenStore tickets,
    GrantRevalidator grants,
    Forwarder forwarder, StreamLimiter slots, AuditLog audit, RefusalFold folds, Troubles troubles, ControlLoss control,
    GatewayMetrics metrics, RefusalWatch refusals, ProcessClock clock, GatewayOptions options)
{
    /// <param name="call">The call.</param>
    /// <param name="decision">What <see cref="Judge"/> says of it.</param>
    public async Task RunAsync(CallContext call, PolicyDecision decision)
    {
        if (control.Refuses(decision) is { } lost)
            await RefuseAsync(call, lost);
        else if (decision.IsMethodNotFound)
        {
            metrics.Decided(call, decision.Rule, RefusalCategory.Denied);
            await RecordAsync(call, Refusal.Of(decision));
            refusals.Refused(call, Refusal.Of(decision));
            await RefusalResponse.MethodNotFoundAsync(call);
        }
        else if (decision.Outcome == DecisionOutcome.Deny)
            await RefuseAsync(call, Refusal.Of(decision));
        else if (IsSessionTooMany(call))
            await RefuseAsync(call, TooManySessions.Refusal);
        else if (IsPriced(decision) && await tickets.TryRedeemAsync(call, decision.Rounds) is { } retryToken)
            await AdmitAndForwardAsync(call, Unpriced(decision), approval: null, retryToken);
        else if (decision.Outcome == DecisionOutcome.Ask)
            await WithHoldAsync(call, decision);
        else if (call.Message.Method == McpMethods.SubscriptionsListen)
            await WithSlotAsync(call, decision);
        else
            await AdmitAndForwardAsync(call, decision, approval: null);
    }

    private bool IsSessionTooMany(CallContext call) =>
        call.Message.Method == McpMethods.Initialize
        && call.Binding.Policy.HasSessionLimits
        && !limiter.HasRoomForSession(call.Grant.Name);

    private static bool IsPriced(PolicyDecision decision) => decision.Outcome == DecisionOutcome.Ask
        || !decision.LimitCosts.IsEmpty || !decision.ShadowLimitCosts.IsEmpty;

    /// <summary>What a ticket leaves of a decision: no approval and no limits, in shadow mode neither.</summary>
    private static PolicyDecision Unpriced(PolicyDecision decision) => decision with
    {
        Outcome = DecisionOutcome.Allow,
        Costs = [],
        LimitCosts = [],
        ShadowCosts = [],
        ShadowLimitCosts = [],
        Shadow = decision.Shadow is { Outcome: DecisionOutcome.Ask } ? null : decision.Shadow,
    };

    /// <summary>Asks the policy, and notes the rule that decided.</summary>
    public static PolicyDecision Judge(CallContext call)
    {
        var decision = PolicyQuestion.Decide(call);
        call.Rule = decision.Rule;
        return decision;
    }

    /// <summary>A subscription is a stream that stays open: it takes one of the grant's places first.</summary>
    private async Task WithSlotAsync(CallContext call, PolicyDecision decision)
    {
        using var slot = slots.TryEnter(call.Grant.Name);
        if (slot is null)
            await RefuseAsync(call, TooManyStreams.Refusal);
        else
            await AdmitAndForwardAsync(call, decision, approval: null);
    }

    /// <summary>A call that a person has to approve may be held, and its answer is then the end of a stream.</summary>
    private async Task WithHoldAsync(CallContext call, PolicyDecision decision)
    {
        using var hold = approvals.Hold(call, decision);
        await AskAndForwardAsync(call, decision, hold);
        await hold.EndAsync();
    }

    private async Task AskAndForwardAsync(CallContext call, PolicyDecision decision, CallWait hold)
    {
        for (var attempt = 0; attempt < options.PermitAttemptsMax; attempt++)
        {
            // The limits first: nobody is asked about a call that has no room anyway.
            var look = await limiter.PeekAsync(
                new LimitRequest(call.Id, call.NowMs, decision.LimitCosts), call.Http.RequestAborted);
            if (look.Refusal is { } refused)
            {
                await RefuseAsync(call, Refusal.Of(decision.Costs, refused, look.RetryAfterMs), decision, refused);
                return;
            }

            var answer = await approvals.AskAsync(call, decision, hold);
            if (answer.Refusal is { } unapproved)
            {
                await RefuseAsync(call, unapproved);
                return;
            }

            if (hold.WasHeld)
            {
                // Time has passed: neither the grant nor the policy need be what they were.
                if (grants.Now(call.Grant, call.Server.Name) is not { } current)
                {
                    await RefuseAsync(call, ApprovalRefusals.GrantEnded);
                    return;
                }

                call.Reevaluate(current.Grant, current.Server, current.NowMs);
                decision = Judge(call);
                if (decision.Outcome == DecisionOutcome.Deny)
                {
                    await RefuseAsync(call, Refusal.Of(decision));
                    return;
                }
            }

            var approval = decision.Outcome == DecisionOutcome.Ask ? answer.Approval : null;
            if (await AdmitAndForwardAsync(call, decision, approval))
                return;
        }

        await RefuseAsync(call, ApprovalRefusals.Unavailable);
    }

    /// <returns>False where the approval could not be used: another call came first, or it is over.</returns>
    private async Task<bool> AdmitAndForwardAsync(
        CallContext call, PolicyDecision decision, ApprovalEntry? approval, RetryToken? retryToken = null)
    {
        AcquiredPermits? permits = null;
        ApprovalConsumption? used = null;
        var shadow = ShadowOutcome.None;
        for (var attempt = 0; attempt < options.PermitAttemptsMax; attempt++)
        {
            // A further attempt is a decision of its own, at a later instant, under a call id of its own.
            var nowMs = attempt == 0 ? call.NowMs : clock.NowMs();
            if (attempt > 0)
                call.Id = CallId.New();
            var taken = await AcquireAsync(call, decision, nowMs, permits?.Permit ?? default);
            if (taken.Refusal is { } refused)
            {
                if (permits is not null)
                    await permits.GiveBackAsync();
                await RefuseAsync(call, Refusal.Of(decision.Costs, refused, taken.RetryAfterMs), decision, refused);
                return true;
            }

            if (attempt == 0)
            {
                // Used up only now that there is room, and before the first byte: it lets one call through, never two.
                if (approval is not null && (used = await approvals.TryUseAsync(call, approval)) is null)
                {
                    await limiter.ReleaseAsync(taken.Permit, CancellationToken.None);
                    return false;
                }

                shadow = await TakeShadowAsync(call, decision, nowMs);
            }

            permits = new AcquiredPermits(limiter, taken.Permit, shadow.Permit, (ISingleUse?)used ?? retryToken)
            {
                FreeRetries = retryToken is null ? 0 : retryToken.Round + 1,
                FreeRetriesMax = decision.Rounds,
            };
            if (!await audit.RecordAsync(AuditEncoder.Decision(
                call, Allowed(decision, permits, used, shadow) with { IsRetry = retryToken is not null }),
                // A program may have to be started first, and that takes its thread a while.
                neverBlocks: call.Server.Command is null))
            {
                await permits.GiveBackAsync();
                await RefuseAsync(call, Refusal.AuditUnavailable);
                return true;
            }

            RateLimitFields.Write(call.Http.Response.Headers, decision.Costs, permits.Permit, nowMs);
            if (await forwarder.ForwardAsync(call, permits) == ForwardEnd.Answered)
                return true;
            // Nothing was written, and others get the numbers now, or the next attempt: every use of a number but its
            // last is on record as released.
            await audit.PostAsync(AuditEncoder.Outcome(call, clock.NowMs(), "permit expired", 0, 0, "released"));
        }

        await permits!.GiveBackAsync();
        await RefuseAsync(call, Refusal.PermitExpired);
        return true;
    }

    private static DecisionRecord Allowed(
        PolicyDecision decision, AcquiredPermits permits, ApprovalConsumption? used, in ShadowOutcome shadow) => new()
        {
            Rule = decision.Rule,
            Permit = permits.Permit,
            ApprovalId = used?.Approval.Id,
            ApprovedBy = used?.Approval.AnsweredBy,
            ShadowRefusal = shadow.ShadowRefusal,
            ShadowPermit = permits.Shadow,
        };

    private async ValueTask<ShadowOutcome> TakeShadowAsync(CallContext call, PolicyDecision decision, long nowMs)
    {
        var outcome = await shadowLimits.TakeAsync(call, decision, nowMs);
        if (outcome.ShadowRefusal is { } wouldBe)
            metrics.ShadowRefusal(call, wouldBe.Outcome);
        return outcome;
    }

    private ValueTask<LimitDecision> AcquireAsync(CallContext call, PolicyDecision decision, long nowMs, Permit held) =>
        decision.LimitCosts.IsEmpty
            ? new(LimitDecision.Admit(Permit.None))
            : limiter.AcquireAsync(
                new LimitRequest(call.Id, nowMs, decision.LimitCosts, held),
                // What an earlier attempt has taken is given back here, whoever has left meanwhile.
                held.IsMissing ? call.Http.RequestAborted : CancellationToken.None);

    private async Task RefuseAsync(
        CallContext call, Refusal refusal, PolicyDecision? decision = null, LimitRefusal? refused = null)
    {
        refusal = Named(refusal);
        metrics.Decided(call, refusal.Rule, refusal.Outcome);
        // Denied either way, so an audit log that cannot be written changes nothing for the agent. It has counted this
        // call as one that is missing on record already where that is the reason.
        if (refusal.Cause != Trouble.Audit)
            await RecordAsync(call, refusal);
        refusals.Refused(call, refusal);
        if (refusal.Limit is { } limit && decision is not null && refused is not null)
            RateLimitFields.Write(call.Http.Response.Headers, decision.Costs[refused.CostIndex], limit, call.NowMs);
        await RefusalResponse.WriteAsync(call, refusal);
    }

    /// <summary>Trouble of the gateway's own is named by what is behind it, and told to its operator once.</summary>
    private Refusal Named(Refusal refusal)
    {
        if (refusal.Cause is not { } cause)
            return refusal;
        var named = refusal.For(troubles.CauseOf(cause));
        troubles.Refused(named.Cause!.Value, audit.Fault is { } unwritten && cause == Trouble.Audit
            ? $"the audit log cannot be written: {unwritten}"
            : named.Reason);
        return named;
    }

    private async ValueTask RecordAsync(CallContext call, Refusal refusal)
    {
        if (!folds.Takes(call, refusal))
            await audit.RecordAsync(AuditEncoder.Decision(call, Refused(refusal)), neverBlocks: true);
    }

    private static DecisionRecord Refused(Refusal refusal) => new() { Rule = refusal.Rule, Refusal = refusal };
}
