using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
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
/// Takes every limit's numbers or none: the enforced ones, then what lets one call through, then those in shadow mode.
/// </summary>
internal sealed class LimitStage(
    ILimiter limiter, ShadowLimits shadowLimits, ApprovalRequester approvals, StreamLimiter streams,
    GatewayMetrics metrics, InFlightCalls calls, ProcessClock clock) : ICallStage
{
    public StageNumber Number => StageNumber.Limit;

    public async ValueTask<StageResult> RunAsync(CallContext call)
    {
        // A subscription is a stream that stays open: it takes one of the grant's places first.
        if (call.Message.Method == McpMethods.SubscriptionsListen && call.Place is null
            && (call.Place = streams.TryEnter(call.Grant.Name)) is null)
            return StageResult.Refuse(TooManyStreams.Refusal);

        var decision = call.Decision;
        var before = call.Permits;
        // A further attempt is a decision of its own, at a later instant, under a call id of its own.
        call.AttemptMs = before is null ? call.NowMs : clock.NowMs();
        if (before is not null)
            call.Id = CallId.New();
        var taken = await AcquireAsync(call, before?.Permit ?? default);
        metrics.Taken(call, taken);
        if (taken.Refusal is { } refused)
            return StageResult.Refuse(decision.Costs, refused, taken.RetryAfterMs);
        if (await OpenAsync(call) is { } full)
        {
            await limiter.ReleaseAsync(taken.Permit, CancellationToken.None);
            // It goes nowhere, so what was used up for it, such as a free retry, is good for the next attempt.
            if (call.SingleUse is { } used)
                await used.ReleaseAsync();
            return StageResult.Refuse(full);
        }

        var shadow = before?.Shadow ?? Permit.None;
        if (before is null)
        {
            // Used up only now that there is room, and before the first byte: it lets one call through, never two.
            if (call.Approval is { } approval
                && (call.SingleUse = await approvals.TryUseAsync(call, approval)) is null)
            {
                await limiter.ReleaseAsync(taken.Permit, CancellationToken.None);
                await call.ReleasePlacesAsync();
                return StageResult.BackTo(StageNumber.Approval, ApprovalRefusals.Unavailable);
            }

            var outcome = await shadowLimits.TakeAsync(call, decision, call.AttemptMs);
            if (outcome.ShadowRefusal is null && await OpenShadowAsync(call) is { } crowded)
                outcome = outcome with { ShadowRefusal = crowded };
            (shadow, call.ShadowRefusal) = (outcome.Permit, outcome.ShadowRefusal);
            if (outcome.ShadowRefusal is { } wouldBe)
                metrics.ShadowRefusal(call, wouldBe.Outcome);
        }

        call.Permits = new AcquiredPermits(limiter, taken.Permit, shadow, call.SingleUse)
        {
            FreeRetries = call.FreeRetries,
            FreeRetriesMax = decision.Rounds,
            Candidate = before?.Candidate ?? Permit.None,
            CandidateVerdict = before?.CandidateVerdict,
        };
        return StageResult.Next;
    }

    /// <summary>Takes the places that the call holds while it is open; why not, where there are none.</summary>
    private async ValueTask<Refusal?> OpenAsync(CallContext call)
    {
        var places = call.Decision.InFlight;
        if (places.IsEmpty || call.Open is { IsHeld: true })
            return null;
        var opened = await calls.OpenAsync(places);
        call.Open = opened.Call;
        return opened.Refusal is { } refused ? Refusal.Of(places, refused, opened.RetryAfterMs) : null;
    }

    private async ValueTask<Refusal?> OpenShadowAsync(CallContext call)
    {
        var places = call.Decision.ShadowInFlight;
        if (places.IsEmpty)
            return null;
        var opened = await calls.OpenAsync(places);
        call.ShadowOpen = opened.Call;
        return opened.Refusal is { } refused ? Refusal.Of(places, refused, opened.RetryAfterMs) : null;
    }

    private ValueTask<LimitDecision> AcquireAsync(CallContext call, Permit held) =>
        call.Decision.LimitCosts.IsEmpty
            ? new(LimitDecision.Admit(Permit.None))
            : limiter.AcquireAsync(
                new LimitRequest(call.Id, call.AttemptMs, call.Decision.LimitCosts, held),
                // What an earlier attempt has taken is given back here, whoever has left meanwhile.
                held.IsMissing ? call.Http.RequestAborted : CancellationToken.None);
}
