using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Shadow;

/// <summary>
/// The limits in shadow mode. They are taken on separate counters, after the enforced limits, and all or none as
/// enforcement would. It never refuses; it reports the result that enforcement would have had.
/// </summary>
internal sealed class ShadowLimits(ILimiter limiter)
{
    public ValueTask<ShadowOutcome> TakeAsync(CallContext call, PolicyDecision decision, long nowMs)
    {
        if (!decision.ShadowLimitCosts.IsEmpty)
            return TakeLimitsAsync(call, decision, nowMs);
        return new(decision.Shadow is { } shadow
            ? new ShadowOutcome(Refusal.Of(shadow), Permit.None)
            : ShadowOutcome.None);
    }

    private async ValueTask<ShadowOutcome> TakeLimitsAsync(CallContext call, PolicyDecision decision, long nowMs)
    {
        var request = new LimitRequest(call.Id, nowMs, decision.ShadowLimitCosts);
        var taken = await limiter.AcquireAsync(request, call.Http.RequestAborted);
        if (taken.Refusal is { } refused)
        {
            var wouldBe = Refusal.Of(decision.ShadowCosts, refused, taken.RetryAfterMs);
            return new ShadowOutcome(wouldBe, Permit.None);
        }

        // Approval would be requested only if the limits have room, because a limit's refusal would have come first.
        return new ShadowOutcome(decision.Shadow is { } ask ? Refusal.Of(ask) : null, taken.Permit);
    }
}

/// <summary>The result of shadow mode for one call, which proceeds in any case.</summary>
/// <param name="ShadowRefusal">The refusal that the call would have received; null if it would have proceeded.</param>
/// <param name="Permit">The permit for the counters of limits in shadow mode.</param>
internal readonly record struct ShadowOutcome(Refusal? ShadowRefusal, Permit Permit)
{
    public static ShadowOutcome None { get; } = new(null, Permit.None);
}
