namespace Gateway.Limits.Tests.Simulation.Sliding;

/// <summary>
/// Ground truth by true time: what was let through, and what owners have given out. Checks as it writes.
/// </summary>
internal sealed class SlidingJudge(bool checksTime)
{
    private readonly List<(CounterKey Key, CallId Call, long TrueMs, Int128 Cost)> _charged = [];
    private readonly Dictionary<(CounterKey Key, CallId Call), (long DeadlineMs, Int128 Cost)> _out = [];
    private readonly Dictionary<CounterKey, Int128> _max = [];
    private readonly HashSet<CallId> _sent = [];

    /// <summary>An owner gives numbers out: the store must count them.</summary>
    public void Issue(CallId call, CounterPermit part, Reservation record, long trueMs)
    {
        var deadlineMs = SlidingTimes.DeadlineMs(part.Key.Window, part.WindowStartMs);
        _max[part.Key] = Int128.Max(_max.GetValueOrDefault(part.Key), part.Max.Nano);
        _out[(part.Key, call)] = (deadlineMs, part.Cost.Nano);
        if (!checksTime || trueMs > deadlineMs) return;
        Int128 given = 0, counted = 0;
        foreach (var (at, entry) in _out)
            if (at.Key == part.Key && entry.DeadlineMs == deadlineMs) given += entry.Cost;
        foreach (var entry in record.Entries?.All ?? [])
            if (entry.DeadlineMs == deadlineMs) counted = entry.Count;
        if (given > counted)
            throw new Violation($"{part.Key}: {given} given out until {deadlineMs}, {counted} counted");
    }

    /// <summary>An owner takes numbers back.</summary>
    public void Return(CallId call, CounterPermit part, Amount amount)
    {
        if (_out.TryGetValue((part.Key, call), out var entry))
            _out[(part.Key, call)] = entry with { Cost = entry.Cost - amount.Nano };
        var at = _charged.FindIndex(one => one.Key == part.Key && one.Call == call);
        if (at >= 0) _charged[at] = _charged[at] with { Cost = _charged[at].Cost - amount.Nano };
    }

    /// <summary>
    /// The server receives a call: no interval of the limit's length that ends now holds more than the maximum.
    /// </summary>
    public void Send(CallId call, Permit permit, long trueMs)
    {
        if (!_sent.Add(call)) throw new Violation($"call {call} reached the server twice");
        foreach (var part in permit.Parts)
        {
            _charged.Add((part.Key, call, trueMs, part.Cost.Nano));
            if (!checksTime) continue;
            var sinceMs = trueMs - SlidingTimes.LengthMs(part.Key.Window);
            Int128 total = 0;
            foreach (var one in _charged)
                if (one.Key == part.Key && one.TrueMs >= sinceMs) total += one.Cost;
            if (total > _max[part.Key])
                throw new Violation(
                    $"{part.Key}: {Amount.FromNano(total)} sent within {part.Key.Window}, max {part.Max}, at {trueMs}");
        }
    }

    /// <summary>What owners have given out, that has not slid out for a clock that says this.</summary>
    public Int128 Taken(CounterKey key, long nowMs)
    {
        Int128 taken = 0;
        var firstMs = SlidingTimes.FirstCountedMs(key.Window, nowMs);
        foreach (var (at, entry) in _out)
            if (at.Key == key && entry.DeadlineMs >= firstMs) taken += entry.Cost;
        return taken;
    }
}
