using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// How one call takes its limits, without doing any of it: sums costs by key, asks key by key in the canonical order,
/// and gives everything back if one refuses. Nothing is locked, so nothing deadlocks. Production and the simulator step
/// this very plan; the costs lie wherever the driver has room for them.
/// </summary>
internal struct AcquirePlan(AcquiringOptions options, RefusalCache? refusals)
{
    private CallId _callId;
    private long _askedMs;
    private CounterPermit? _first;
    private CounterPermit? _returned;
    private CounterRefusal _refusal;
    private int _count;
    private bool _hasKept;
    private bool _hasWaited;

    /// <summary>Which of the costs is asked about; once it is refused, which was refused.</summary>
    public int Index { get; private set; }

    /// <summary>The clock to ask with, or to wait for.</summary>
    public long NowMs { get; private set; }

    /// <summary>What has to be given back.</summary>
    public readonly PermitParts Released => new(_returned);

    /// <summary>Once done: whether every cost was taken.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Why not.</summary>
    public readonly CounterRefusal Refusal => _refusal;

    /// <summary>Once done and not refused: the right to send the call.</summary>
    public readonly Permit Permit => _first is null ? Permit.None : _first.AsPermit(_callId, options.MarginMs);

    /// <summary>Begins with the sums, and with what an earlier permit of the call still holds.</summary>
    /// <param name="request">The call.</param>
    /// <param name="costs">Where the sums go: room for as many as the request names.</param>
    public AcquireStep Start(in LimitRequest request, Span<CounterCost> costs)
    {
        (_callId, _askedMs) = (request.CallId, request.NowMs);
        var isSummed = TrySum(request, costs);
        if (!request.PreviousPermit.IsMissing && request.PreviousPermit.TryWithdraw())
            Keep(request.PreviousPermit.Parts, isSummed ? costs[.._count] : default);
        return isSummed ? Next(costs) : Refuse(new CounterRefusal(RefusalKind.CostOverMax, default, long.MinValue));
    }

    /// <summary>What to ask the counter of <see cref="Index"/>.</summary>
    public readonly CounterRequest Request(ReadOnlySpan<CounterCost> costs)
    {
        ref readonly var cost = ref costs[Index];
        return new(_callId, cost.Max, cost.Cost, cost.Refundable, _askedMs + options.DeferMs);
    }

    /// <summary>What it replied, once it does not wait any more.</summary>
    public AcquireStep OnReply(ReadOnlySpan<CounterCost> costs, in CounterReply reply, long nowMs)
    {
        if (reply.Part is { } part)
        {
            Chain(ref _first, part);
            Index++;
            return Next(costs);
        }

        if (reply.Kind == CounterReplyKind.Refused)
        {
            if (!_hasWaited && IsAheadOfClock(reply.Refusal))
            {
                (_hasWaited, NowMs) = (true, reply.Refusal.WindowStartMs - (2 * ClockBounds.EpsilonMs));
                return AcquireStep.WaitUntil;
            }

            refusals?.Keep(costs[Index], reply.Refusal, nowMs);
        }

        return Refuse(reply.Refusal);
    }

    /// <summary>The wait is over: the same counter is asked once more.</summary>
    public AcquireStep OnTime(long nowMs)
    {
        NowMs = Math.Max(nowMs, NowMs);
        return AcquireStep.Request;
    }

    /// <summary>The call is given up: what it has goes back.</summary>
    public AcquireStep Cancel() => Refuse(default);

    private AcquireStep Next(ReadOnlySpan<CounterCost> costs)
    {
        while (_hasKept && Index < _count && IsTaken(costs[Index].Key)) Index++;
        if (Index == _count) return _returned is null ? AcquireStep.Done : AcquireStep.Release;
        (_hasWaited, NowMs) = (false, _askedMs);
        return refusals is not null && refusals.TryFind(costs[Index], NowMs, out var known)
            ? Refuse(known)
            : AcquireStep.Request;
    }

    private AcquireStep Refuse(in CounterRefusal refusal)
    {
        (_refusal, IsRefused) = (refusal, true);
        Chain(ref _returned, _first);
        _first = null;
        return _returned is null ? AcquireStep.Done : AcquireStep.Release;
    }

    /// <summary>False if a sum is more than any window can hold, which is then at <see cref="Index"/>.</summary>
    private bool TrySum(in LimitRequest request, Span<CounterCost> sums)
    {
        if (request.Costs.IsDefaultOrEmpty) return true;
        if (!CostAggregation.TrySum(request.Costs, sums, out _count, out var overflowIndex))
        {
            sums[0] = CostAggregation.Single(request.Costs[overflowIndex], overflowIndex);
            return false;
        }

        for (; Index < _count; Index++)
            if (sums[Index].Cost > sums[Index].Max) return false;
        Index = 0;
        return true;
    }

    /// <summary>
    /// Parts that say just what this call asks, and whose window still runs, are taken; the others go back. Handles of
    /// the earlier permit must not mean this one.
    /// </summary>
    private void Keep(PermitParts held, ReadOnlySpan<CounterCost> costs)
    {
        foreach (var part in held)
        {
            part.BeginAnew();
            if (!part.IsOver(_askedMs, options.MarginMs) && IsAsked(part, costs)) Chain(ref _first, part);
            else Chain(ref _returned, part);
        }

        _hasKept = _first is not null;
    }

    private static bool IsAsked(CounterPermit part, ReadOnlySpan<CounterCost> costs)
    {
        foreach (ref readonly var cost in costs)
        {
            if (cost.Key == part.Key)
                return cost.Cost == part.Cost && cost.Refundable == part.Refundable && part.Top <= cost.Max.Nano;
        }

        return false;
    }

    private readonly bool IsTaken(CounterKey key)
    {
        foreach (var part in new PermitParts(_first))
            if (part.Key == key) return true;
        return false;
    }

    private static void Chain(ref CounterPermit? first, CounterPermit? added)
    {
        if (first is null)
        {
            first = added;
            return;
        }

        var last = first;
        while (last.Next is not null) last = last.Next;
        last.Next = added;
    }

    /// <summary>A counter that is a moment ahead of this clock: it is waited for, at most 2 ε.</summary>
    private readonly bool IsAheadOfClock(in CounterRefusal refusal)
    {
        const int tolerance = 2 * ClockBounds.EpsilonMs;
        return refusal.Kind == RefusalKind.ClockBehind
            && refusal.WindowStartMs - tolerance - _askedMs is > 0 and <= tolerance;
    }
}
