using System.Collections.Immutable;
using Gateway.Control.Telemetry;
using Gateway.EnvoyRls.Grpc;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Rules;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>
/// Decides a request. All enforced descriptors are charged or none, by one decision of the limiter over several
/// counters. If counting fails, the result is a problem, never OK.
/// </summary>
internal sealed class RlsDecider(
    ILimiter limiter, ProcessClock clock, RlsSettings settings, RlsMetrics metrics, CounterRatios ratios)
{
    /// <summary>Maximum number of attempts if a window ends while a request is counted.</summary>
    private const int AttemptsMax = 3;

    private readonly RefundBook _refunds = new(limiter, settings.Options.RefundableMax);

    /// <summary>Returns the response, or the problem that prevented a decision.</summary>
    public async ValueTask<GrpcResult> DecideAsync(
        RateLimitRequest request, RlsRules rules, IReadOnlyDictionary<string, Budget> budgets,
        CancellationToken cancellationToken)
    {
        var (counted, malformed) = CountedRequest.Read(request, rules, budgets, settings.Options, clock.NowMs());
        if (malformed is not null)
            return malformed;
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var nowMs = clock.NowMs();
            var charges = new List<Permit>(1);
            var isDone = false;
            try
            {
                var (isOver, problem) = await ChargeAsync(counted!, charges, nowMs, cancellationToken);
                if (problem is not null)
                    return problem;
                if (!isOver && !await SpendAsync(charges))
                    continue;
                isDone = !isOver;
                if (isDone)
                    await FinishAsync(counted!, charges, nowMs);
                metrics.Decided(counted!, isOver);
                return GrpcResult.Of(RlsAnswer.Of(request, counted!, isOver, nowMs, settings));
            }
            finally
            {
                if (!isDone)
                    await ReleaseAsync(charges);
            }
        }

        return new GrpcProblem(
            GrpcStatus.Unavailable, "several attempts to count this request failed, because a window ended during each "
                + "of them");
    }

    /// <summary>Charges the request's costs; charges nothing if the request is over a limit.</summary>
    private async ValueTask<(bool IsOver, GrpcProblem? Problem)> ChargeAsync(
        CountedRequest counted, List<Permit> charges, long nowMs, CancellationToken cancellationToken)
    {
        var isOver = false;
        foreach (var one in counted.Descriptors)
        {
            one.IsOver = false;
            if (!one.IsProbe)
                continue;
            if (await LookAsync(one, one.OneHit, nowMs, cancellationToken) is { } problem)
                return (false, problem);
            isOver |= one.IsOver && one.IsEnforced;
        }

        CountedDescriptor[] enforced = [.. counted.Descriptors.Where(static one => one.IsCharge && one.IsEnforced)];
        if (!isOver && enforced.Length > 0)
        {
            var (isFull, problem) = await AcquireAsync(enforced, charges, nowMs, cancellationToken);
            if (problem is not null)
                return (false, problem);
            isOver = isFull;
        }

        if (!isOver)
        {
            // Individually: an exhausted quota takes nothing from the others, and a shadow limit refuses nothing.
            foreach (var one in counted.Descriptors.Where(static one => one.IsCharge && !one.IsEnforced))
            {
                var (_, problem) = await AcquireAsync([one], charges, nowMs, cancellationToken);
                if (problem is not null && !one.Limit.IsShadow)
                    return (false, problem);
            }

            CountedDescriptor[] quotas = [.. counted.Descriptors.Where(
                static one => one is { Key: not null, IsReturn: false, Limit: { IsShadow: false, IsQuota: true } })];
            isOver = quotas.Length > 0 && Array.TrueForAll(quotas, static one => one.IsOver);
        }

        if (!isOver)
            return (false, null);
        await ReleaseAsync(charges);
        return (true, await LookAtAllAsync(counted, nowMs, cancellationToken));
    }

    private async ValueTask ReleaseAsync(List<Permit> charges)
    {
        foreach (var permit in charges)
            await limiter.ReleaseAsync(permit, CancellationToken.None);
        charges.Clear();
    }

    /// <summary>Charges all of these costs or none.</summary>
    private async ValueTask<(bool IsFull, GrpcProblem? Problem)> AcquireAsync(
        CountedDescriptor[] wanted, List<Permit> charges, long nowMs, CancellationToken cancellationToken)
    {
        var costs = wanted.Select(static one => one.Cost).ToImmutableArray();
        var decision = await limiter.AcquireAsync(new LimitRequest(CallId.New(), nowMs, costs), cancellationToken);
        ratios.Note("", "", costs.AsSpan(), decision);
        if (decision.IsAdmitted)
        {
            charges.Add(decision.Permit);
            foreach (var part in decision.Permit.Parts)
            {
                foreach (var one in wanted.Where(one => one.Key == part.Key))
                    (one.Remaining, one.ResetAtMs) = (part.RemainingAfter, part.ResetAtMs);
            }

            return (false, null);
        }

        if (decision.Refusal.Kind is not (RefusalKind.NoRoom or RefusalKind.CostOverMax))
            return (false, ProblemOf(decision.Refusal));
        Refuse(wanted[decision.Refusal.CostIndex], decision.Refusal, nowMs);
        return (true, null);
    }

    /// <summary>
    /// Queries the counters that did not refuse, for the response to a refused request, which was charged nothing.
    /// </summary>
    private async ValueTask<GrpcProblem?> LookAtAllAsync(
        CountedRequest counted, long nowMs, CancellationToken cancellationToken)
    {
        foreach (var one in counted.Descriptors)
        {
            if (one.Key is null || one.IsOver || one.IsProbe)
                continue;
            var cost = one.IsReturn ? one.OneHit : one.Cost;
            if (await LookAsync(one, cost, nowMs, cancellationToken) is { } problem)
                return problem;
            // A return is never over the limit: an empty counter only gains room.
            one.IsOver &= !one.IsReturn;
        }

        return null;
    }

    private async ValueTask<GrpcProblem?> LookAsync(
        CountedDescriptor one, LimitCost cost, long nowMs, CancellationToken cancellationToken)
    {
        var look = await limiter.PeekAsync(new LimitRequest(CallId.New(), nowMs, [cost]), cancellationToken);
        if (look.Refusal is { } refusal)
        {
            if (refusal.Kind is not (RefusalKind.NoRoom or RefusalKind.CostOverMax))
                return ProblemOf(refusal);
            Refuse(one, refusal, nowMs);
            return null;
        }

        var part = look.Permit.Parts[0];
        (one.Remaining, one.ResetAtMs) = (part.RemainingAfter, part.ResetAtMs);
        return null;
    }

    /// <summary>
    /// Commits the charges as the last step before the response; returns false if a window has ended since the charge.
    /// Charges committed before that stay, because committed numbers cannot be returned. The result errs toward
    /// refusing, only at the edge of a window, and only if the request has quotas or shadow limits besides its other
    /// limits.
    /// </summary>
    /// <remarks>
    /// The wait is at most 2 ε and is not cancelled, because otherwise unreported charges would remain.
    /// </remarks>
    private async ValueTask<bool> SpendAsync(List<Permit> charges)
    {
        foreach (var permit in charges)
        {
            while (true)
            {
                var outcome = permit.TrySpend(clock.NowMs(), out var waitMs);
                if (outcome == SpendOutcome.Spent)
                    break;
                if (outcome != SpendOutcome.Wait)
                    return false;
                await Task.Delay(TimeSpan.FromMilliseconds(waitMs), clock.Timers, CancellationToken.None);
            }
        }

        return true;
    }

    /// <summary>Keeps refundable charges, completes the others, and returns the request's negative hits.</summary>
    private async ValueTask FinishAsync(CountedRequest counted, List<Permit> charges, long nowMs)
    {
        foreach (var permit in charges)
        {
            if (permit.Parts.Any(static part => part.Refundable > Amount.Zero))
                _refunds.Add(permit, nowMs);
            else
                permit.Complete();
        }

        foreach (var one in counted.Descriptors)
        {
            if (one is not { IsReturn: true, Key: { } key })
                continue;
            await _refunds.ReturnAsync(key, one.Cost.Cost, nowMs);
            await LookAsync(one, one.OneHit, nowMs, CancellationToken.None);
            one.IsOver = false;
        }
    }

    private static void Refuse(CountedDescriptor one, LimitRefusal refusal, long nowMs)
    {
        one.IsOver = true;
        one.Remaining = refusal.Kind == RefusalKind.NoRoom ? refusal.Remaining : Amount.Zero;
        one.ResetAtMs = refusal.ResetAtMs > 0
            ? refusal.ResetAtMs
            : one.Limit.Window.EndMs(one.Limit.Window.StartMs(nowMs));
    }

    private static GrpcProblem ProblemOf(LimitRefusal refusal) => new(
        refusal.Kind is RefusalKind.AtBound or RefusalKind.TooManyWaiting
            ? GrpcStatus.ResourceExhausted
            : GrpcStatus.Unavailable,
        refusal.Reason);
}
