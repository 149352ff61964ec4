using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// The frontend's half: sums a call's costs per key, takes them in the canonical order, and gives everything back if
/// one is refused. Nothing is locked, so nothing deadlocks; the same for every kind of owner.
/// </summary>
public sealed class LimitAcquirer(ICounterClient owner, AcquiringOptions options, TimeProvider time, Func<long> clock)
{
    /// <summary>Calls with several limits that are not answered yet.</summary>
    private readonly ConcurrentDictionary<CallId, TaskCompletionSource<LimitDecision>> _running = new();

    /// <summary>Null where the counters are at hand.</summary>
    private readonly RefusalCache? _refusals =
        options.RefusalsMax > 0 ? new(options.RefusalsMax, options.MarginMs) : null;

    private readonly RefusalTextCache _memo = new();
    private readonly CrowdedGrants _crowded = new(time);

    /// <summary>False while counters of new sessions of this grant are refused, as there are too many.</summary>
    public bool HasRoomForSession(string grant) => !_crowded.Contains(grant);

    /// <summary>Every cost or none.</summary>
    public ValueTask<LimitDecision> AcquireAsync(in LimitRequest request, CancellationToken cancellationToken)
    {
        if (!request.PreviousPermit.IsMissing) return TakeAllOnceAsync(request, null, cancellationToken);
        if (request.Costs.IsDefaultOrEmpty) return new(LimitDecision.Admit(Permit.None));
        if (request.Costs.Length > CostBuffer.LengthMax) return TakeAllOnceAsync(request, null, cancellationToken);
        if (request.Costs.Length > 1) return TakeFewAsync(request, cancellationToken);

        ref readonly var cost = ref request.Costs.ItemRef(0);
        if (cost.Cost == Amount.Zero) return new(LimitDecision.Admit(Permit.None));
        if (cost.Cost > cost.Max) return new(CostOverMax(CostAggregation.Single(cost, 0)));
        if (_refusals is not null && TryFind(CostAggregation.Single(cost, 0), request.NowMs, out var known))
            return new(Refused(request, CostAggregation.Single(cost, 0), known));
        var refundable = cost.RefundOnError ? cost.Cost : Amount.Zero;
        var ask = new CounterRequest(
            request.CallId, cost.Max, cost.Cost, refundable, request.NowMs + options.DeferMs);
        var verdict = owner.TryAcquire(cost.Key, ask, request.NowMs);
        if (verdict.Part is { } part) return new(LimitDecision.Admit(part.AsPermit(request.CallId, options.MarginMs)));
        return IsFinalAnswer(verdict)
            ? new(Refused(request, CostAggregation.Single(cost, 0), verdict.Refusal))
            : TakeOneAsync(request, CostAggregation.Single(cost, 0), cancellationToken);
    }

    /// <summary>
    /// What <see cref="AcquireAsync"/> would say; the permit is closed and names what is used without this call.
    /// </summary>
    public async ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        if (!TrySum(request, out var sums, out var tooMuch)) return tooMuch;
        var parts = ImmutableArray.CreateBuilder<CounterPermit>(sums.Length);
        foreach (var cost in sums)
        {
            if (TryFind(cost, request.NowMs, out var known)) return Refused(request, cost, known);
            var verdict = await owner.PeekAsync(cost.Key, Ask(request, cost), request.NowMs, cancellationToken);
            if (verdict.Part is null) return Refused(request, cost, verdict.Refusal);
            parts.Add(verdict.Part);
        }

        var look = new Permit(request.CallId, parts.MoveToImmutable(), options.MarginMs);
        look.TryClose();
        return LimitDecision.Admit(look);
    }

    /// <summary>Gives everything back, once.</summary>
    public async ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken)
    {
        if (!permit.TryClose()) return;
        var nowMs = clock();
        foreach (var part in permit.Parts) await owner.ReleaseAsync(part, part.Cost, nowMs, cancellationToken);
        permit.Recycle();
    }

    /// <summary>Gives back what the limits say, once, and closes the rest.</summary>
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

    private async ValueTask<LimitDecision> TakeOneAsync(
        LimitRequest request, CounterCost cost, CancellationToken cancellationToken)
    {
        var asked = await owner.AcquireAsync(cost.Key, Ask(request, cost), request.NowMs, cancellationToken);
        var verdict = await AfterClockAsync(request, cost, asked, cancellationToken);
        return verdict.Part is { } part
            ? LimitDecision.Admit(part.AsPermit(request.CallId, options.MarginMs))
            : Refused(request, cost, verdict.Refusal);
    }

    /// <summary>Few limits, whose answers are at hand: nothing to wait for and nothing to allocate.</summary>
    private ValueTask<LimitDecision> TakeFewAsync(in LimitRequest request, CancellationToken cancellationToken)
    {
        var few = default(CostBuffer);
        if (!CostAggregation.TryPerKey(request.Costs, few, out var count, out _))
            return TakeAllOnceAsync(request, null, cancellationToken);
        ReadOnlySpan<CounterCost> sums = ((Span<CounterCost>)few)[..count];
        foreach (ref readonly var cost in sums)
            if (cost.Cost > cost.Max) return new(CostOverMax(cost));

        CounterPermit? first = null, last = null;
        foreach (ref readonly var cost in sums)
        {
            var verdict = TryFind(cost, request.NowMs, out var known)
                ? CounterReply.Refused(known)
                : owner.TryAcquire(cost.Key, Ask(request, cost), request.NowMs);
            if (verdict.Part is { } part)
            {
                if (last is null) first = part;
                else last.Next = part;
                last = part;
                continue;
            }

            if (!IsFinalAnswer(verdict)) return TakeAllOnceAsync(request, first, cancellationToken);
            Release(first, request.NowMs);
            return new(Refused(request, cost, verdict.Refusal));
        }

        return new(LimitDecision.Admit(first is null ? Permit.None : first.AsPermit(request.CallId, options.MarginMs)));
    }

    /// <summary>
    /// A repeated call shares the answer of the first; if that is given up, it asks for itself. What it has taken
    /// already, chained, goes into its own answer or back.
    /// </summary>
    private async ValueTask<LimitDecision> TakeAllOnceAsync(
        LimitRequest request, CounterPermit? taken, CancellationToken cancellationToken)
    {
        var own = new TaskCompletionSource<LimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var first = _running.GetOrAdd(request.CallId, own); first != own;)
        {
            Release(taken, request.NowMs);
            taken = null;
            var shared = first.Task.WaitAsync(cancellationToken);
            await ((Task)shared).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (shared.IsCompletedSuccessfully) return await shared;
            first = _running.GetOrAdd(request.CallId, own);
        }

        try
        {
            var decision = await TakeAllAsync(request, taken, cancellationToken);
            own.SetResult(decision);
            return decision;
        }
        finally
        {
            _running.TryRemove(request.CallId, out _);
            own.TrySetCanceled(CancellationToken.None);
        }
    }

    private async ValueTask<LimitDecision> TakeAllAsync(
        LimitRequest request, CounterPermit? first, CancellationToken cancellationToken)
    {
        CounterPermit[] held = request.PreviousPermit.TryWithdraw()
            ? [.. request.PreviousPermit.Parts] : [.. new PermitParts(first)];
        CounterPermit[] kept = [];
        var taken = new List<CounterPermit>();
        try
        {
            if (!TrySum(request, out var sums, out var tooMuch)) return tooMuch;
            kept = Keep(held, sums, request.NowMs);
            taken.AddRange(kept);
            foreach (var cost in sums)
            {
                if (taken.Any(part => part.Key == cost.Key)) continue;
                if (TryFind(cost, request.NowMs, out var known)) return Refused(request, cost, known);
                var asked = await owner.AcquireAsync(cost.Key, Ask(request, cost), request.NowMs, cancellationToken);
                var verdict = await AfterClockAsync(request, cost, asked, cancellationToken);
                if (verdict.Part is null) return Refused(request, cost, verdict.Refusal);
                taken.Add(verdict.Part);
            }

            // Handles of the earlier permit must not mean this one.
            foreach (var part in kept) part.BeginAnew();
            var permit = new Permit(request.CallId, [.. taken], options.MarginMs);
            taken.Clear();
            return LimitDecision.Admit(permit);
        }
        finally
        {
            // Whatever is still here was not handed over: refused, cancelled, or of an earlier permit and not kept.
            foreach (var part in held.Except(kept).Concat(taken))
                await owner.ReleaseAsync(part, part.Cost, request.NowMs, CancellationToken.None);
        }
    }

    /// <summary>What an owner that answers at once has given goes back to it at once.</summary>
    private void Release(CounterPermit? first, long nowMs)
    {
        if (first is null) return;
        foreach (var part in new PermitParts(first))
        {
            var release = owner.ReleaseAsync(part, part.Cost, nowMs, CancellationToken.None);
            if (!release.IsCompletedSuccessfully)
                throw new InvalidOperationException("An owner that grants at once has to take back at once.");
        }

        first.Recycle();
    }

    /// <summary>Parts that say just what this request asks, and whose window still runs.</summary>
    private CounterPermit[] Keep(CounterPermit[] held, CounterCost[] sums, long nowMs) =>
        Array.FindAll(held, part => !part.IsOver(nowMs, options.MarginMs) && sums.Any(sum =>
            sum.Key == part.Key && sum.Cost == part.Cost && sum.Refundable == part.Refundable
            && part.Top <= sum.Max.Nano));

    /// <summary>A counter that is a moment ahead of this clock: wait at most 2 ε, then ask once more.</summary>
    private async ValueTask<CounterReply> AfterClockAsync(
        LimitRequest request, CounterCost cost, CounterReply verdict, CancellationToken cancellationToken)
    {
        const int tolerance = 2 * ClockBounds.EpsilonMs;
        var waitMs = verdict.Kind == CounterReplyKind.Refused && verdict.Refusal.Kind == RefusalKind.ClockBehind
            ? verdict.Refusal.WindowStartMs - tolerance - request.NowMs : 0;
        if (waitMs is > 0 and <= tolerance)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(waitMs), time, cancellationToken);
            var nowMs = Math.Max(clock(), request.NowMs + waitMs);
            verdict = await owner.AcquireAsync(cost.Key, Ask(request, cost), nowMs, cancellationToken);
        }

        if (verdict.Kind == CounterReplyKind.Refused) _refusals?.Keep(cost, verdict.Refusal, clock());
        return verdict;
    }

    private bool TryFind(in CounterCost cost, long nowMs, out CounterRefusal known)
    {
        known = default;
        return _refusals is not null && _refusals.TryFind(cost, nowMs, out known);
    }

    /// <summary>Whether there is nothing to wait for: no answer to come, and no clock to catch up.</summary>
    private static bool IsFinalAnswer(in CounterReply verdict) =>
        verdict.Kind != CounterReplyKind.Waiting && verdict.Refusal.Kind != RefusalKind.ClockBehind;

    private static bool TrySum(LimitRequest request, out CounterCost[] sums, out LimitDecision refused)
    {
        (sums, refused) = ([], default);
        if (request.Costs.IsDefaultOrEmpty) return true;
        var summed = CostAggregation.PerKey(request.Costs, out var overflowIndex);
        var tooMuch = summed is null
            ? CostAggregation.Single(request.Costs[overflowIndex], overflowIndex)
            : Array.Find(summed, static sum => sum.Cost > sum.Max);
        if (tooMuch.Key is not null)
        {
            refused = CostOverMax(tooMuch);
            return false;
        }

        sums = summed!;
        return true;
    }

    private CounterRequest Ask(in LimitRequest request, in CounterCost cost) =>
        new(request.CallId, cost.Max, cost.Cost, cost.Refundable, request.NowMs + options.DeferMs);

    /// <summary>No wait would help.</summary>
    private static LimitDecision CostOverMax(in CounterCost cost) =>
        LimitDecision.Refuse(RefusalText.CostOverMax(cost), null);

    private LimitDecision Refused(in LimitRequest request, in CounterCost cost, in CounterRefusal refusal)
    {
        if (refusal.Kind == RefusalKind.AtBound && cost.Key.Scope == LimitScope.Session) _crowded.Add(cost.Key);
        var salt = (uint)request.CallId.Bits;
        var retryAfterMs = RefusalText.RetryAfterMs(cost.Key, refusal, request.NowMs, options.MarginMs, salt);
        return LimitDecision.Refuse(_memo.Of(cost, refusal), retryAfterMs);
    }
}
