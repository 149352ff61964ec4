using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Limits.Counting;
using Gateway.Limits.Owning;

namespace Gateway.Limits.Taking;

/// <summary>
/// The frontend's half: sums a call's costs per key, takes them in the canonical order, and gives everything back if
/// one is refused. Nothing is locked, so nothing deadlocks; the same for every kind of owner.
/// </summary>
internal sealed class LimitTaker(ICounterOwner owner, TakingOptions options, TimeProvider time, Func<long> clock)
{
    /// <summary>Calls with several limits that are not answered yet.</summary>
    private readonly ConcurrentDictionary<CallId, TaskCompletionSource<LimitDecision>> _running = new();

    /// <summary>Every cost or none.</summary>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        if (request.Costs.IsDefaultOrEmpty && request.Held is null) return new(LimitDecision.Admit(Permit.None));
        if (request.Costs.Length != 1 || request.Held is not null) return TakeAllOnceAsync(request, cancellationToken);

        var cost = CostSum.Single(request.Costs[0], 0);
        if (cost.Cost == Amount.Zero) return new(LimitDecision.Admit(Permit.None));
        if (cost.Cost > cost.Max) return new(LimitDecision.Refuse(RefusalWords.CostOverMax(cost)));
        var asked = owner.AcquireAsync(cost.Key, Ask(request, cost), request.NowMs, cancellationToken);
        return asked is { IsCompletedSuccessfully: true, Result: { Kind: VerdictKind.Granted, Part: { } part } }
            ? new(LimitDecision.Admit(new Permit(request.CallId, [part], options.MarginMs)))
            : TakeOneAsync(request, cost, asked, cancellationToken);
    }

    /// <summary>
    /// What <see cref="AcquireAsync"/> would say; the permit is closed and names what is used without this call.
    /// </summary>
    public async ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        if (!TrySum(request, out var sums, out var refusal)) return LimitDecision.Refuse(refusal);
        var parts = ImmutableArray.CreateBuilder<CounterPermit>(sums.Length);
        foreach (var cost in sums)
        {
            var verdict = await owner.PeekAsync(cost.Key, Ask(request, cost), request.NowMs, cancellationToken);
            if (verdict.Part is null) return LimitDecision.Refuse(Words(request, cost, verdict.Refusal));
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
    }

    /// <summary>Gives back what the limits say, once, and closes the rest.</summary>
    public async ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken)
    {
        if (!permit.TryClose()) return;
        var nowMs = clock();
        foreach (var part in permit.Parts)
        {
            var isLate = part.Key.Kind == LimitKind.Sliding && part.IsOver(nowMs, options.MarginMs);
            if (part.Refundable == Amount.Zero || isLate) part.Settle();
            else await owner.ReleaseAsync(part, part.Refundable, nowMs, cancellationToken);
        }
    }

    private async ValueTask<LimitDecision> TakeOneAsync(
        LimitRequest request, SummedCost cost, ValueTask<CounterVerdict> asked, CancellationToken cancellationToken)
    {
        var verdict = await AfterClockAsync(request, cost, await asked, cancellationToken);
        return verdict.Part is { } part
            ? LimitDecision.Admit(part.AsPermit(request.CallId, options.MarginMs))
            : LimitDecision.Refuse(Words(request, cost, verdict.Refusal));
    }

    /// <summary>A repeated call shares the answer of the first; if that is given up, it asks for itself.</summary>
    private async ValueTask<LimitDecision> TakeAllOnceAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        var own = new TaskCompletionSource<LimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var first = _running.GetOrAdd(request.CallId, own); first != own;)
        {
            var shared = first.Task.WaitAsync(cancellationToken);
            await ((Task)shared).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (shared.IsCompletedSuccessfully) return await shared;
            first = _running.GetOrAdd(request.CallId, own);
        }

        try
        {
            var decision = await TakeAllAsync(request, cancellationToken);
            own.SetResult(decision);
            return decision;
        }
        finally
        {
            _running.TryRemove(request.CallId, out _);
            own.TrySetCanceled(CancellationToken.None);
        }
    }

    private async ValueTask<LimitDecision> TakeAllAsync(LimitRequest request, CancellationToken cancellationToken)
    {
        var held = request.Held is { } earlier && earlier.TryWithdraw() ? earlier.Parts : [];
        var kept = ImmutableArray<CounterPermit>.Empty;
        var taken = ImmutableArray.CreateBuilder<CounterPermit>();
        try
        {
            if (!TrySum(request, out var sums, out var refusal)) return LimitDecision.Refuse(refusal);
            kept = Keep(held, sums, request.NowMs);
            taken.AddRange(kept);
            foreach (var cost in sums)
            {
                if (taken.Any(part => part.Key == cost.Key)) continue;
                var asked = await owner.AcquireAsync(cost.Key, Ask(request, cost), request.NowMs, cancellationToken);
                var verdict = await AfterClockAsync(request, cost, asked, cancellationToken);
                if (verdict.Part is null) return LimitDecision.Refuse(Words(request, cost, verdict.Refusal));
                taken.Add(verdict.Part);
            }

            var permit = new Permit(request.CallId, taken.ToImmutable(), options.MarginMs);
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

    /// <summary>Parts of an earlier permit that say just what this request asks, and whose window still runs.</summary>
    private ImmutableArray<CounterPermit> Keep(
        ImmutableArray<CounterPermit> held, SummedCost[] sums, long nowMs) =>
        [.. held.Where(part => !part.IsOver(nowMs, options.MarginMs) && sums.Any(sum =>
            sum.Key == part.Key && sum.Cost == part.Cost && sum.Refundable == part.Refundable
            && part.Top <= sum.Max.Nano))];

    /// <summary>A counter that is a moment ahead of this clock: wait at most 2 ε, then ask once more.</summary>
    private async ValueTask<CounterVerdict> AfterClockAsync(
        LimitRequest request, SummedCost cost, CounterVerdict verdict, CancellationToken cancellationToken)
    {
        const int tolerance = 2 * ClockBounds.EpsilonMs;
        if (verdict.Kind != VerdictKind.Refused || verdict.Refusal.Kind != RefusalKind.ClockBehind) return verdict;
        var waitMs = verdict.Refusal.WindowStartMs - tolerance - request.NowMs;
        if (waitMs is <= 0 or > tolerance) return verdict;
        await Task.Delay(TimeSpan.FromMilliseconds(waitMs), time, cancellationToken);
        var nowMs = Math.Max(clock(), request.NowMs + waitMs);
        return await owner.AcquireAsync(cost.Key, Ask(request, cost), nowMs, cancellationToken);
    }

    private static bool TrySum(LimitRequest request, out SummedCost[] sums, out LimitRefusal refusal)
    {
        (sums, refusal) = ([], null!);
        if (request.Costs.IsDefaultOrEmpty) return true;
        var summed = CostSum.PerKey(request.Costs, out var overflowIndex);
        var tooMuch = summed is null
            ? CostSum.Single(request.Costs[overflowIndex], overflowIndex)
            : Array.Find(summed, static sum => sum.Cost > sum.Max);
        if (tooMuch.Key is not null)
        {
            refusal = RefusalWords.CostOverMax(tooMuch);
            return false;
        }

        sums = summed!;
        return true;
    }

    private CounterAsk Ask(in LimitRequest request, in SummedCost cost) =>
        new(request.CallId, cost.Max, cost.Cost, cost.Refundable, request.NowMs + options.PatienceMs);

    private LimitRefusal Words(in LimitRequest request, in SummedCost cost, in CounterRefusal refusal) =>
        RefusalWords.Of(cost, refusal, request.NowMs, options.MarginMs, (uint)request.CallId.Bits);
}
