using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Tools.Replay;

/// <summary>
/// Counts recorded calls on separate counters, with the engine that counts agents' calls, at the recorded times. As
/// long as a counter has counted the same calls as the recorded one, the recorded results apply to it too. The order of
/// concurrent calls and differences between clocks therefore do not change a decision.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The counters are in memory, and the timer fires on request.")]
internal sealed class ReplayCounts
{
    public const string NotAtOnce = "The engine in memory did not decide at once, which is a defect of this program.";

    /// <summary>Maximum number of counters in memory; the result of a further one is unknown.</summary>
    private const int CountersMax = 1_000_000;

    /// <summary>
    /// A busy gateway may decide calls in another order than that of their instants. For a call that only peeks, such
    /// as one that requires approval, the record does not contain the usage that it saw.
    /// </summary>
    private const long TogetherMs = 1_000;

    /// <summary>Maximum number of values that may arrive at the same time.</summary>
    private const int ValuesTogether = 16;

    private readonly bool _hasOthers;
    private readonly ReplayTime _time = new();
    private readonly ProcessClock _clock;
    private readonly ValueLimiter _limiter;
    private readonly TrackTable _tracks;
    private readonly RecordedKeys _keys = new();
    private readonly OpenPermits _open = new();
    private readonly Queue<(long TimeMs, CounterKey Key, Int128 Nano)> _recent = new();

    public ReplayCounts(RecordFacts record)
    {
        (_hasOthers, _tracks) = (record.HasOthers, new TrackTable(record));
        // No returned numbers could serve a refused call, and the store never makes it wait.
        var options = new LocalEngineOptions
        {
            DeferMs = 0,
            StoreTimeoutMs = 0,
            Bounds = new CounterBounds { CountersMax = CountersMax },
        };
        _clock = new ProcessClock(_time);
        _limiter = new ValueLimiter(
            new LocalEngine(new ReplayStore(_time), options, _time, _clock), new OwnValueKey());
    }

    public long NowMs => _clock.NowMs();

    public void Advance(long toMs) => _time.Advance(toMs);

    public CounterKey? KeyOf(in RecordedCounter counter) => _keys.Of(counter.Key);

    /// <summary>Takes every cost or none, or only peeks.</summary>
    public CountedCall Take(RecordedCall call, PolicyDecision decision, bool isPeek)
    {
        var costs = decision.LimitCosts;
        if (costs.IsEmpty)
            return CountedCall.Admitted(Permit.None, null);
        var known = KnownUses(call, decision);
        while (true)
        {
            var request = new LimitRequest(CallId.New(), NowMs, costs);
            var taken = Now(isPeek
                ? _limiter.PeekAsync(request, CancellationToken.None)
                : _limiter.AcquireAsync(request, CancellationToken.None));
            if (taken.Refusal is not { } refused)
                return Admitted(call, decision, taken.Permit, known, isPeek);
            if (refused is not { CostIndex: >= 0 and var index })
                return Unsure(ReplayWords.TooManyCounters);
            if (refused.Kind == RefusalKind.NoRoom && known?[index] is { } used && costs[index].Max != Amount.Most
                && HasRoom(decision.LimitCosts, index, used))
            {
                costs = WithRoom(costs, index);
                continue;
            }

            return isPeek && HadRoom(call, decision.LimitCosts[index], refused)
                ? Unsure(ReplayWords.Together)
                : Refused(call, decision.LimitCosts[index], refused, known?[index]);
        }
    }

    /// <summary>Commits a decided call. Its costs stay, and differences from the record are noted.</summary>
    public void Commit(RecordedCall call, PolicyDecision? decision, CountedCall counted, bool isCharged)
    {
        if (isCharged)
            Keep(call, counted.Permit, decision!.LimitCosts);
        else if (!counted.Permit.IsMissing)
            Release(counted.Permit);
        var wasCharged = call.IsAllowed && !call.IsRetry;
        var costs = decision is null ? [] : decision.LimitCosts;
        foreach (ref readonly var cost in costs.AsSpan())
        {
            var before = wasCharged ? Recorded(call, cost) : null;
            var isSame = isCharged ? before?.Cost == SumOf(costs, cost) : before is null;
            if (!isSame)
                _tracks.Of(cost, NowMs).Diverge(NowMs);
        }

        if (!wasCharged)
            return;
        foreach (var counter in call.Counters)
        {
            if (KeyOf(counter) is { } key && !IsOneOf(costs, key))
                _tracks.OfLimit(LimitOf(key), NowMs).Diverge(NowMs);
        }
    }

    /// <summary>Commits a call of unknown result: it counts as recorded, and its counters become uncertain.</summary>
    public void CommitAsRecorded(RecordedCall call, ImmutableArray<LimitCost> costs, Permit permit)
    {
        if (!call.IsAllowed || call.IsRetry)
        {
            if (!permit.IsMissing)
                Release(permit);
            foreach (ref readonly var cost in costs.AsSpan())
                _tracks.Of(cost, NowMs).MayHaveMore(cost.Cost, NowMs);
            return;
        }

        if (permit.IsMissing && !costs.IsEmpty)
        {
            var all = costs;
            for (var i = 0; i < costs.Length; i++)
                all = WithRoom(all, i);
            var request = new LimitRequest(CallId.New(), NowMs, all);
            permit = Now(_limiter.AcquireAsync(request, CancellationToken.None)).Permit;
        }

        if (!permit.IsMissing)
            Keep(call, permit, costs);
        foreach (ref readonly var cost in costs.AsSpan())
            _tracks.Of(cost, NowMs).MayHaveLess(cost.Cost, NowMs);
    }

    /// <summary>Notes a call with unknown costs, which may have taken any amount of each limit.</summary>
    public void Doubt(IEnumerable<LimitCost> limits)
    {
        foreach (var limit in limits)
            _tracks.OfLimit(limit.Key, NowMs).MayHaveMore(null, NowMs);
    }

    /// <summary>Counts a call that is not evaluated, because it belongs to another policy.</summary>
    public void Charge(CounterKey key, Amount cost)
    {
        var request = new LimitRequest(CallId.New(), NowMs, [new LimitCost(key, Amount.Most, cost)]);
        Now(_limiter.AcquireAsync(request, CancellationToken.None)).Permit.Complete();
    }

    /// <summary>Ends a call that went on.</summary>
    public void End(RecordedEnd end)
    {
        if (!_open.TryEnd(end.CallId, out var permit, out var costs))
            return;
        if (end.WasReleased)
        {
            Release(permit);
            return;
        }

        var isRefunded = false;
        foreach (var part in permit.Parts)
            isRefunded |= end.WasError && part.Refundable > Amount.Zero && end.TimeMs < part.WindowEndMs;
        if (isRefunded)
            Wait(_limiter.RefundAsync(permit, CancellationToken.None));
        else
            permit.Complete();
        if (isRefunded == end.WasRefunded)
            return;
        foreach (ref readonly var cost in costs.AsSpan())
            _tracks.Of(cost, NowMs).Diverge(NowMs);
    }

    private CountedCall Admitted(
        RecordedCall call, PolicyDecision decision, Permit permit, Amount?[]? known, bool isPeek)
    {
        var costs = decision.LimitCosts;
        string? uncertain = null;
        for (var i = 0; i < costs.Length; i++)
        {
            var cost = costs[i];
            var part = PartOf(permit, cost);
            if (known?[i] is { } used)
            {
                if (part is not null)
                    CatchUp(cost, used, part.UsedAfter.Nano - part.Cost.Nano);
                if (HasRoom(costs, i, used))
                    continue;
                if (!permit.IsMissing)
                    Release(permit);
                return new CountedCall(default, i, RefusalKind.NoRoom, Words(cost, used), null);
            }

            var track = _tracks.Find(cost, NowMs);
            var more = track?.More(NowMs) ?? 0;
            if (cost.Value is not null)
                more += _tracks.FindLimit(cost.Key)?.More(NowMs) ?? 0;
            if (track is not null && NowMs < track.OpeningUntilMs)
                uncertain ??= ReplayWords.NoOpening;
            else if (more > 0 && (part is null || part.UsedAfter.Nano + more > cost.MaxAt(NowMs).Nano))
                uncertain ??= ReplayWords.EarlierCall;
            else if (call.Rule == PolicyRuleNames.TooManyValues && HasFewValuesLeft(cost))
                uncertain ??= ReplayWords.Together;
        }

        if (!isPeek)
            return CountedCall.Admitted(permit, uncertain);
        if (!permit.IsMissing)
            Release(permit);
        return CountedCall.Admitted(default, uncertain);
    }

    /// <summary>Returns true if few values are left: the order of concurrent ones is not recorded.</summary>
    private bool HasFewValuesLeft(in LimitCost cost)
    {
        if (cost.Value is not { } value)
            return false;
        var few = new LimitCost(value.Values, value.ValuesMax, Amount.FromUnits(ValuesTogether));
        var look = new LimitRequest(CallId.New(), NowMs, [few]);
        return Now(_limiter.PeekAsync(look, CancellationToken.None)).Refusal is not null;
    }

    private CountedCall Refused(RecordedCall call, in LimitCost cost, LimitRefusal refused, Amount? known)
    {
        var uncertain = refused.Kind switch
        {
            RefusalKind.NoRoom when known is null && !IsRefusedWithoutDoubt(cost, refused) => ReplayWords.EarlierCall,
            RefusalKind.NoRoom or RefusalKind.CostOverMax => null,
            RefusalKind.TooManyValues => call.IsAllowed && Recorded(call, cost) is not null
                ? ReplayWords.EarlierCall : null,
            RefusalKind.EngineUnavailable or RefusalKind.ClockBehind or RefusalKind.AtBound
                or RefusalKind.TooManyWaiting => ReplayWords.TooManyCounters,
            _ => throw new NotSupportedException($"RefusalKind {refused.Kind} has no case here."),
        };
        if (known is { } used)
            CatchUp(cost, used, refused.Used.Nano);
        return new CountedCall(default, refused.CostIndex, refused.Kind, refused.Reason, uncertain);
    }

    /// <summary>Returns true if only units of the last second leave no room for a call that needed approval.</summary>
    private bool HadRoom(RecordedCall call, in LimitCost cost, LimitRefusal refused)
    {
        if (call.Outcome != ReplayWords.ApprovalRequired || refused.Kind != RefusalKind.NoRoom)
            return false;
        Int128 recent = 0;
        foreach (var (timeMs, key, nano) in _recent)
            recent += key == cost.Key && timeMs >= NowMs - TogetherMs ? nano : 0;
        return recent > 0 && refused.Used.Nano - recent + cost.Cost.Nano <= cost.MaxAt(NowMs).Nano;
    }

    private bool IsRefusedWithoutDoubt(in LimitCost cost, LimitRefusal refused)
    {
        var less = _tracks.Find(cost, NowMs)?.Less(NowMs) ?? 0;
        return refused.Used.Nano - less + cost.Cost.Nano > cost.MaxAt(NowMs).Nano;
    }

    private static CountedCall Unsure(string why) => CountedCall.Admitted(default, why);

    /// <summary>Returns the recorded charge of each counter before the call; null if none is recorded.</summary>
    private Amount?[]? KnownUses(RecordedCall call, PolicyDecision decision)
    {
        if (call.Limit is null && call.Counters.Count == 0)
            return null;
        var costs = decision.LimitCosts;
        Amount?[]? known = null;
        for (var i = 0; i < costs.Length; i++)
        {
            if (IsDiverged(costs[i]))
                continue;
            Amount? used = call.IsAllowed && Recorded(call, costs[i]) is { } counter && counter.Used >= counter.Cost
                ? Amount.FromNano(counter.Used.Nano - counter.Cost.Nano)
                : call.Limit is { } limit && IsOf(decision, i, limit, call.Rule) ? limit.Used
                : null;
            if (used is not null)
                (known ??= new Amount?[costs.Length])[i] = used;
        }

        return known;
    }

    private bool IsDiverged(in LimitCost cost) =>
        NowMs < (_tracks.Find(cost, NowMs)?.DivergedUntilMs ?? long.MinValue)
        || NowMs < (_tracks.FindLimit(cost.Key)?.DivergedUntilMs ?? long.MinValue);

    private static bool IsOf(PolicyDecision decision, int index, RecordedLimit limit, string rule)
    {
        var cost = decision.Costs[index];
        return cost.Counter == limit.Counter && cost.WindowText == limit.Window
            && (cost.Rule == rule || decision.Costs.Count(other =>
                other.Counter == limit.Counter && other.WindowText == limit.Window) == 1);
    }

    /// <summary>Adds recorded charges from before the record began or from other frontends.</summary>
    private void CatchUp(in LimitCost cost, Amount used, Int128 counted)
    {
        var track = _tracks.Find(cost, NowMs);
        if (!cost.Key.Kind.IsAligned || cost.Value is not null || track is null || NowMs >= track.OpeningUntilMs)
            return;
        if (used.Nano > counted)
            Charge(cost.Key, Amount.FromNano(used.Nano - counted));
        if (!_hasOthers)
            track.OpeningUntilMs = long.MinValue;
    }

    private RecordedCounter? Recorded(RecordedCall call, in LimitCost cost)
    {
        foreach (var counter in call.Counters)
        {
            if (KeyOf(counter) is { } key && cost.IsOn(key))
                return counter;
        }

        return null;
    }

    private void Keep(RecordedCall call, Permit permit, ImmutableArray<LimitCost> costs)
    {
        while (_recent.TryPeek(out var first) && first.TimeMs < NowMs - TogetherMs)
            _recent.Dequeue();
        foreach (var part in permit.Parts)
            _recent.Enqueue((NowMs, part.Key, part.Cost.Nano));
        if (call.IsAllowed && !costs.IsEmpty)
            _open.Add(call.CallId, permit, costs);
        else
            permit.Complete();
    }

    private void Release(Permit permit) => Wait(_limiter.ReleaseAsync(permit, CancellationToken.None));

    private string Words(in LimitCost cost, Amount used)
    {
        var max = cost.MaxAt(NowMs);
        var left = max > used ? Amount.FromNano(max.Nano - used.Nano) : Amount.Zero;
        return $"Counter {cost.Key.ShownName} has {left} of {max} left in its window, and this call costs "
            + $"{cost.Cost}";
    }

    private bool HasRoom(ImmutableArray<LimitCost> costs, int index, Amount used) =>
        used.Nano + SumOf(costs, costs[index]).Nano <= costs[index].MaxAt(NowMs).Nano;

    private static Amount SumOf(ImmutableArray<LimitCost> costs, in LimitCost of)
    {
        Int128 sum = 0;
        foreach (ref readonly var cost in costs.AsSpan())
            sum += cost.Key == of.Key ? cost.Cost.Nano : 0;
        return sum <= Amount.Most.Nano ? Amount.FromNano(sum) : Amount.Most;
    }

    private static ImmutableArray<LimitCost> WithRoom(ImmutableArray<LimitCost> costs, int index)
    {
        var key = costs[index].Key;
        return [.. costs.Select(cost => cost.Key == key ? cost with { Max = Amount.Most } : cost)];
    }

    private static bool IsOneOf(ImmutableArray<LimitCost> costs, CounterKey key)
    {
        foreach (ref readonly var cost in costs.AsSpan())
        {
            if (cost.IsOn(key))
                return true;
        }

        return false;
    }

    /// <summary>Returns the key that stands for all values' counters, given the counter of one value.</summary>
    private static CounterKey LimitOf(CounterKey key) => key.ShownName == key.Counter ? key
        : new CounterKey(key.Scope, key.ScopeId, key.Counter[..key.Counter.LastIndexOf('~')], key.Kind, key.Window,
            key.Generation);

    private static CounterPermit? PartOf(Permit permit, in LimitCost cost)
    {
        foreach (var part in permit.Parts)
        {
            if (cost.IsOn(part.Key))
                return part;
        }

        return null;
    }

    private static LimitDecision Now(ValueTask<LimitDecision> answer) => answer.IsCompletedSuccessfully
        ? answer.Result
        : throw new InvalidOperationException(NotAtOnce);

    private static void Wait(ValueTask done)
    {
        if (!done.IsCompletedSuccessfully)
            throw new InvalidOperationException(NotAtOnce);
    }
}
