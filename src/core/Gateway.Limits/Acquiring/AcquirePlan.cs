using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// The plan by which one call takes its limits, free of I/O. It sums costs by key, requests each key in the canonical
/// order, and gives everything back if one refuses. Nothing is locked, so nothing can deadlock. Production and the
/// simulator step the same plan; the driver provides the storage for the costs.
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

    /// <summary>The index of the cost to request next; after a refusal, the index of the refused cost.</summary>
    public int Index { get; private set; }

    /// <summary>The clock reading to use for the request, or the time to wait for.</summary>
    public long NowMs { get; private set; }

    /// <summary>The parts to give back.</summary>
    public readonly PermitParts Released => new(_returned);

    /// <summary>True if the plan is done and a cost was refused.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The reason for the refusal.</summary>
    public readonly CounterRefusal Refusal => _refusal;

    /// <summary>The right to send the call, once the plan is done and nothing was refused.</summary>
    public readonly Permit Permit => _first is null ? Permit.None : _first.AsPermit(_callId, options.MarginMs);

    /// <summary>
    /// Starts the plan with the summed costs and the parts that an earlier permit of the call still holds.
    /// </summary>
    /// <param name="request">The call.</param>
    /// <param name="costs">Buffer for the sums, with at least as many entries as the request has costs.</param>
    public AcquireStep Start(in LimitRequest request, Span<CounterCost> costs)
    {
        (_callId, _askedMs) = (request.CallId, request.NowMs);
        var isSummed = TrySum(request, costs);
        if (!request.PreviousPermit.IsMissing && request.PreviousPermit.TryWithdraw())
            Keep(request.PreviousPermit.Parts, isSummed ? costs[.._count] : default);
        return isSummed ? Next(costs) : Refuse(new CounterRefusal(RefusalKind.CostOverMax, default, long.MinValue));
    }

    /// <summary>Returns the request to send to the counter of <see cref="Index"/>.</summary>
    public readonly CounterRequest Request(ReadOnlySpan<CounterCost> costs)
    {
        ref readonly var cost = ref costs[Index];
        return new(_callId, cost.Max, cost.Cost, cost.Refundable, _askedMs + options.DeferMs);
    }

    /// <summary>Records the counter's reply, once the counter no longer waits, and returns the next step.</summary>
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

    /// <summary>Ends the wait, so that the same counter is requested again.</summary>
    public AcquireStep OnTime(long nowMs)
    {
        NowMs = Math.Max(nowMs, NowMs);
        return AcquireStep.Request;
    }

    /// <summary>Cancels the call: everything that was taken goes back.</summary>
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

    /// <summary>
    /// Sums the costs by key. False if a sum exceeds what any window can hold; <see cref="Index"/> is then that cost.
    /// </summary>
    private bool TrySum(in LimitRequest request, Span<CounterCost> sums)
    {
        if (request.Costs.IsDefaultOrEmpty) return true;
        if (!CostAggregation.TrySum(request, sums, out _count, out var overflowIndex))
        {
            sums[0] = CostAggregation.Single(request.Costs[overflowIndex], overflowIndex, _askedMs);
            return false;
        }

        for (; Index < _count; Index++)
            if (sums[Index].Cost > sums[Index].Max) return false;
        Index = 0;
        return true;
    }

    /// <summary>
    /// Takes over the parts that match this call's request exactly and whose window still runs; the others are
    /// released. Withdrawing the earlier permit first ensures that its handles cannot spend the new one.
    /// </summary>
    private void Keep(PermitParts held, ReadOnlySpan<CounterCost> costs)
    {
        foreach (var part in held)
        {
            part.MoveToNewPermit();
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

    /// <summary>
    /// True if the counter is slightly ahead of this clock. The plan then waits for the clock, at most 2 ε.
    /// </summary>
    private readonly bool IsAheadOfClock(in CounterRefusal refusal)
    {
        const int tolerance = 2 * ClockBounds.EpsilonMs;
        return refusal.Kind == RefusalKind.ClockBehind
            && refusal.WindowStartMs - tolerance - _askedMs is > 0 and <= tolerance;
    }
}

/// <summary>The next action that an <see cref="AcquirePlan"/> requires of its driver.</summary>
internal enum AcquireStep
{
    /// <summary>Send a request to the counter of <see cref="AcquirePlan.Index"/>, then report its reply.</summary>
    Request,

    /// <summary>Do nothing before <see cref="AcquirePlan.NowMs"/>, then report the time.</summary>
    WaitUntil,

    /// <summary>Give back all of <see cref="AcquirePlan.Released"/>; no request is left to send.</summary>
    Release,

    /// <summary>The plan is done, and nothing has to be given back.</summary>
    Done,
}
