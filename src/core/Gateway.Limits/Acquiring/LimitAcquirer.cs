using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// The frontend's half of a limit. It carries out the <see cref="AcquirePlan"/> of each call and turns refusals into
/// text, identically for every kind of owner.
/// </summary>
public sealed class LimitAcquirer(ICounterClient owner, AcquiringOptions options, TimeProvider time, Func<long> clock)
{
    /// <summary>Calls with several limits that are still in progress.</summary>
    private readonly ConcurrentDictionary<CallId, TaskCompletionSource<LimitDecision>> _running = new();

    /// <summary>The cache of final refusals; null if the counters are in this process.</summary>
    private readonly RefusalCache? _refusals =
        options.RefusalsMax > 0 ? new(options.RefusalsMax, options.MarginMs) : null;

    private readonly RefusalTextCache _memo = new();
    private readonly CrowdedGrants _crowded = new(time);

    /// <summary>False while counters of new sessions of this grant are refused because there are too many.</summary>
    public bool HasRoomForSession(string grant) => !_crowded.Contains(grant);

    /// <summary>Takes every cost or none.</summary>
    public ValueTask<LimitDecision> AcquireAsync(in LimitRequest request, CancellationToken cancellationToken)
    {
        if (!request.PreviousPermit.IsMissing) return AcquireLater(request, cancellationToken);
        if (request.Costs.IsDefaultOrEmpty) return new(LimitDecision.Admit(Permit.None));
        if (request.Costs.Length > CostBuffer.LengthMax) return AcquireLater(request, cancellationToken);
        return request.Costs.Length == 1 && TryAcquireOne(request, out var decision)
            ? new(decision)
            : AcquireFew(request, cancellationToken);
    }

    /// <summary>
    /// Acquires a single limit whose counter is in this process and replies at once. It needs no plan, as there is no
    /// order to keep and nothing to give back. False if a plan is needed; the counter then has no trace of the call.
    /// </summary>
    private bool TryAcquireOne(in LimitRequest request, out LimitDecision decision)
    {
        decision = default;
        ref readonly var cost = ref request.Costs.ItemRef(0);
        var max = cost.MaxAt(request.NowMs);
        if (_refusals is not null || cost.Cost == Amount.Zero || cost.Cost > max) return false;
        var refundable = cost.RefundOnError ? cost.Cost : Amount.Zero;
        var ask = new CounterRequest(
            request.CallId, max, cost.Cost, refundable, request.NowMs + options.DeferMs);
        var reply = owner.TryAcquire(cost.Key, ask, request.NowMs);
        if (reply.Part is { } part) decision = LimitDecision.Admit(part.AsPermit(request.CallId, options.MarginMs));
        else if (IsFinalAnswer(reply))
            decision = Refused(request, CostAggregation.Single(cost, 0, request.NowMs), reply.Refusal);
        else return false;
        return true;
    }

    /// <summary>
    /// Returns the decision that <see cref="AcquireAsync"/> would make. The permit is closed and reports the usage
    /// without this call.
    /// </summary>
    public async ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        var (plan, costs) = (NewPlan(), RoomFor(request));
        for (var step = plan.Start(request with { PreviousPermit = default }, costs); step == AcquireStep.Request;)
        {
            var reply = await owner.PeekAsync(
                costs[plan.Index].Key, plan.Request(costs), request.NowMs, cancellationToken);
            if (reply.Part is null) return Refused(request, costs[plan.Index], reply.Refusal);
            step = plan.OnReply(costs, reply, request.NowMs);
        }

        var decision = Decide(request, plan, costs);
        decision.Permit.TryClose();
        return decision;
    }

    /// <summary>Gives everything back, once.</summary>
    public async ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken)
    {
        if (!permit.TryClose()) return;
        var nowMs = clock();
        foreach (var part in permit.Parts) await owner.ReleaseAsync(part, part.Cost, nowMs, cancellationToken);
        permit.Recycle();
    }

    /// <summary>Gives back the refundable amounts, once, and closes the rest.</summary>
    public async ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken)
    {
        if (!permit.TryClose()) return;
        var nowMs = clock();
        foreach (var part in permit.Parts)
        {
            var isLate = !part.Key.Kind.IsNumbered && part.IsOver(nowMs, options.MarginMs);
            if (part.Refundable == Amount.Zero || isLate) part.Commit();
            else await owner.ReleaseAsync(part, part.Refundable, nowMs, cancellationToken);
        }

        permit.Recycle();
    }

    /// <inheritdoc cref="ILimiter.RenewAsync"/>
    public async ValueTask<Permit> RenewAsync(Permit permit, CallId renewal)
    {
        var nowMs = clock();
        var held = permit.Parts[0];
        var ask = new CounterRequest(renewal, held.Max, held.Cost) { RenewsMs = held.WindowStartMs };
        var reply = await owner.AcquireAsync(held.Key, ask, nowMs, CancellationToken.None);
        if (reply.Part is not { } renewed || !permit.TryClose()) return default;
        held.Commit();
        return renewed.AsPermit(renewal, options.MarginMs);
    }

    /// <summary>
    /// Kept separate, so that a call with a single local limit does not have to zero the cost buffer.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<LimitDecision> AcquireFew(in LimitRequest request, CancellationToken cancellationToken)
    {
        var few = default(CostBuffer);
        return AcquireNow(request, few, cancellationToken);
    }

    /// <summary>Acquires a few limits whose counters reply at once, without waiting or allocating.</summary>
    private ValueTask<LimitDecision> AcquireNow(
        in LimitRequest request, Span<CounterCost> costs, CancellationToken cancellationToken)
    {
        var plan = NewPlan();
        var step = plan.Start(request, costs);
        while (step == AcquireStep.Request)
        {
            var reply = owner.TryAcquire(costs[plan.Index].Key, plan.Request(costs), request.NowMs);
            if (reply.Part is null && !IsFinalAnswer(reply))
                return FinishLater(request, plan, costs, cancellationToken);
            step = plan.OnReply(costs, reply, request.NowMs);
        }

        if (step == AcquireStep.Release) Release(plan.Released, request.NowMs);
        return new(Decide(request, plan, costs));
    }

    /// <inheritdoc cref="FinishLater"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<LimitDecision> AcquireLater(in LimitRequest request, CancellationToken cancellationToken) =>
        AcquireOnceAsync(request, default, null, cancellationToken);

    /// <summary>
    /// Kept separate, so that a call that never gets here does not reserve stack space for the copies.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<LimitDecision> FinishLater(
        in LimitRequest request, in AcquirePlan plan, ReadOnlySpan<CounterCost> costs,
        CancellationToken cancellationToken) =>
        costs.Length == 1
            ? FinishAsync(request, plan, AcquireStep.Request, costs.ToArray(), cancellationToken)
            : AcquireOnceAsync(request, plan, costs.ToArray(), cancellationToken);

    /// <summary>
    /// Shares the decision of the first call with a repeated one. If the first is canceled, the repeated call sends
    /// its own request. Anything that a running plan has taken goes into its own decision or back.
    /// </summary>
    private async ValueTask<LimitDecision> AcquireOnceAsync(
        LimitRequest request, AcquirePlan plan, CounterCost[]? costs, CancellationToken cancellationToken)
    {
        var own = new TaskCompletionSource<LimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var first = _running.GetOrAdd(request.CallId, own); first != own;)
        {
            if (costs is not null && plan.Cancel() == AcquireStep.Release) Release(plan.Released, request.NowMs);
            costs = null;
            var shared = first.Task.WaitAsync(cancellationToken);
            await ((Task)shared).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (shared.IsCompletedSuccessfully) return await shared;
            first = _running.GetOrAdd(request.CallId, own);
        }

        try
        {
            var step = AcquireStep.Request;
            if (costs is null)
            {
                (plan, costs) = (NewPlan(), RoomFor(request));
                step = plan.Start(request, costs);
            }

            var decision = await FinishAsync(request, plan, step, costs, cancellationToken);
            own.SetResult(decision);
            return decision;
        }
        finally
        {
            _running.TryRemove(request.CallId, out _);
            own.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Carries a plan out to its end, waiting wherever it has to.</summary>
    private async ValueTask<LimitDecision> FinishAsync(
        LimitRequest request, AcquirePlan plan, AcquireStep step, CounterCost[] costs,
        CancellationToken cancellationToken)
    {
        try
        {
            while (step is AcquireStep.Request or AcquireStep.WaitUntil)
            {
                if (step == AcquireStep.WaitUntil)
                {
                    var wait = TimeSpan.FromMilliseconds(plan.NowMs - request.NowMs);
                    await Task.Delay(wait, time, cancellationToken);
                    step = plan.OnTime(clock());
                    continue;
                }

                var reply = await owner.AcquireAsync(
                    costs[plan.Index].Key, plan.Request(costs), plan.NowMs, cancellationToken);
                step = plan.OnReply(costs, reply, reply.Part is null ? clock() : plan.NowMs);
            }
        }
        finally
        {
            if (step is AcquireStep.Request or AcquireStep.WaitUntil) step = plan.Cancel();
            if (step == AcquireStep.Release)
            {
                foreach (var part in plan.Released)
                    await owner.ReleaseAsync(part, part.Cost, request.NowMs, CancellationToken.None);
            }
        }

        return Decide(request, plan, costs);
    }

    /// <summary>Gives numbers back synchronously to an owner that granted them synchronously.</summary>
    private void Release(PermitParts parts, long nowMs)
    {
        foreach (var part in parts)
        {
            var release = owner.ReleaseAsync(part, part.Cost, nowMs, CancellationToken.None);
            if (!release.IsCompletedSuccessfully)
                throw new InvalidOperationException("An owner that grants synchronously must release synchronously.");
        }

        parts[0].Recycle();
    }

    private AcquirePlan NewPlan() => new(options, _refusals);

    private static CounterCost[] RoomFor(in LimitRequest request) =>
        request.Costs.IsDefaultOrEmpty ? [] : new CounterCost[request.Costs.Length];

    /// <summary>
    /// Returns true if there is nothing to wait for: no pending reply, and no clock that has to catch up.
    /// </summary>
    private static bool IsFinalAnswer(in CounterReply reply) =>
        reply.Kind != CounterReplyKind.Waiting && reply.Refusal.Kind != RefusalKind.ClockBehind;

    private LimitDecision Decide(in LimitRequest request, in AcquirePlan plan, ReadOnlySpan<CounterCost> costs)
    {
        if (!plan.IsRefused) return LimitDecision.Admit(plan.Permit);
        ref readonly var cost = ref costs[plan.Index];
        return plan.Refusal.Kind == RefusalKind.CostOverMax
            ? LimitDecision.Refuse(RefusalText.CostOverMax(cost), null)
            : Refused(request, cost, plan.Refusal);
    }

    private LimitDecision Refused(in LimitRequest request, in CounterCost cost, in CounterRefusal refusal)
    {
        if (refusal.Kind == RefusalKind.AtBound && cost.Key.Scope == LimitScope.Session) _crowded.Add(cost.Key);
        var salt = (uint)request.CallId.Bits;
        var retryAfterMs = RefusalText.RetryAfterMs(cost.Key, refusal, request.NowMs, options.MarginMs, salt);
        return LimitDecision.Refuse(_memo.Of(cost, refusal), retryAfterMs);
    }
}

/// <summary>The total that one call counts on one key.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">The lowest maximum that the call names for it.</param>
/// <param name="Cost">The sum of its costs.</param>
/// <param name="Refundable">The part of the cost that is given back if the server returns an error.</param>
/// <param name="CostIndex">The first entry of the request that names it.</param>
public readonly record struct CounterCost(CounterKey Key, Amount Max, Amount Cost, Amount Refundable, int CostIndex);

/// <summary>Stack storage for the sums of a call that names few limits, as nearly all calls do.</summary>
[InlineArray(LengthMax)]
internal struct CostBuffer
{
    public const int LengthMax = 4;

    private CounterCost _first;
}
