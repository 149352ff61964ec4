using System.Collections.Immutable;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Shadow;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that takes the numbers of every limit or of none: first the enforced limits, then the approval or retry
/// token, then the limits in shadow mode.
/// </summary>
internal sealed class LimitStage(
    ILimiter limiter, ShadowLimits shadowLimits, ApprovalRequester approvals, StreamLimiter streams,
    GatewayMetrics metrics, InFlightCalls calls, ProcessClock clock) : IStage<LimitAttempt, AdmittedCall>
{
    public async ValueTask<StageResult<AdmittedCall>> RunAsync(LimitAttempt input)
    {
        var (call, decision, before) = (input.Approved.Call, input.Approved.Decision, input.Before);
        // A subscription is a stream that stays open, so it takes one of the grant's places first.
        if (call.Message.Method == McpMethods.SubscriptionsListen && call.Place is null
            && (call.Place = streams.TryEnter(call.Grant.Name)) is null)
            return StageEnd.Refuse(TooManyStreams.Refusal);

        // A further attempt is a separate decision, at a later instant and with a new call id.
        var attemptMs = before is null ? call.NowMs : clock.NowMs();
        if (before is not null)
            call.BeginAttempt();
        // A delivery begins with its first attempt, which takes over nothing from the delivery before.
        var earlier = input.IsResend ? null : before;
        var isResend = input.IsResend || before is { IsResend: true };
        var taken = await AcquireAsync(call, decision, attemptMs, earlier?.Permit ?? default, input.IsResend);
        metrics.Taken(call, decision, attemptMs, taken);
        if (taken.Refusal is { } refused)
        {
            return StageEnd.Refuse(
                decision.Costs, refused, taken.RetryAfterMs, LackingOf(input.Approved, decision.Costs, refused));
        }

        var singleUse = before is null ? input.Approved.Priced.Token : before.SingleUse;
        if (await OpenAsync(call, decision) is { } full)
        {
            await limiter.ReleaseAsync(taken.Permit, CancellationToken.None);
            // The call is not sent, so its approval or free retry stays valid for the next attempt.
            if (singleUse is { } used && !isResend)
                await used.ReleaseAsync();
            return StageEnd.Refuse(
                Refusal.Of(decision.InFlight, full.Refusal, full.RetryAfterMs),
                LackingOf(input.Approved, decision.InFlight, full.Refusal));
        }

        var (shadow, shadowRefusal) = (earlier?.Shadow ?? Permit.None, earlier?.ShadowRefusal);
        if (earlier is null)
        {
            // Used up only now that there is room, and before the first byte: it lets one call through, never two.
            if (input.Approved.Approval is { } approval
                && (singleUse = await approvals.TryUseAsync(call, decision, approval)) is null)
            {
                await limiter.ReleaseAsync(taken.Permit, CancellationToken.None);
                await call.ReleasePlacesAsync();
                return StageEnd.AgainFrom(input.Approved.Priced, ApprovalRefusals.Unavailable);
            }

            var outcome = await shadowLimits.TakeAsync(call, decision, attemptMs);
            if (outcome.ShadowRefusal is null && await OpenShadowAsync(call, decision) is { } crowded)
                outcome = outcome with { ShadowRefusal = crowded };
            (shadow, shadowRefusal) = (outcome.Permit, outcome.ShadowRefusal);
            if (outcome.ShadowRefusal is { } wouldBe)
                metrics.ShadowRefusal(call, wouldBe.Outcome);
        }

        return new AdmittedCall(limiter, input.Approved, taken.Permit, shadow, singleUse)
        {
            AttemptMs = attemptMs,
            ShadowRefusal = shadowRefusal,
            Candidate = earlier?.Candidate ?? Permit.None,
            CandidateDecision = earlier?.CandidateDecision,
            IsResend = isResend,
        };
    }

    /// <summary>
    /// Returns the limit for which a refused call may wait; null for one with an approval, which stays valid for an
    /// identical call instead.
    /// </summary>
    private static LackingRoom? LackingOf(
        ApprovedCall approved, ImmutableArray<DecisionCost> costs, LimitRefusal refused) =>
        refused is { Kind: RefusalKind.NoRoom, CostIndex: >= 0 and var index } && costs[index].Wait > TimeSpan.Zero
        && (approved is { Approval: null, Decision.Outcome: DecisionOutcome.Allow }
            || approved.Call.Claim is { Approval.Task: { Turn: not null, Round: null } })
            ? new LackingRoom(costs[index], refused.ResetAtMs) : null;

    /// <summary>Takes the places that the call holds while it is open; returns the refusal if there are none.</summary>
    private async ValueTask<(LimitRefusal Refusal, long? RetryAfterMs)?> OpenAsync(
        CallContext call, PolicyDecision decision)
    {
        var places = decision.InFlight;
        if (places.IsEmpty || call.Open is { IsHeld: true })
            return null;
        var opened = await calls.OpenAsync(places);
        call.Open = opened.Call;
        return opened.Refusal is { } refusal ? (refusal, opened.RetryAfterMs) : null;
    }

    private async ValueTask<Refusal?> OpenShadowAsync(CallContext call, PolicyDecision decision)
    {
        var places = decision.ShadowInFlight;
        if (places.IsEmpty || call.ShadowOpen is { IsHeld: true })
            return null;
        var opened = await calls.OpenAsync(places);
        call.ShadowOpen = opened.Call;
        return opened.Refusal is { } refused ? Refusal.Of(places, refused, opened.RetryAfterMs) : null;
    }

    private ValueTask<LimitDecision> AcquireAsync(
        CallContext call, PolicyDecision decision, long attemptMs, Permit held, bool isResend) =>
        decision.LimitCosts.IsEmpty
            ? new(LimitDecision.Admit(Permit.None))
            : limiter.AcquireAsync(
                new LimitRequest(call.Id, attemptMs, decision.LimitCosts, held),
                // The permit of an earlier attempt is returned here, even if the client has left. During a resend, a
                // response waits.
                held.IsMissing && !isResend ? call.Http.RequestAborted : CancellationToken.None);
}
