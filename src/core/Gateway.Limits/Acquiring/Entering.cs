using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// One attempt of a call to be counted by value: what it has taken, and what of that goes back at its end.
/// </summary>
internal sealed class Entering(ILimiter limiter, List<CountedValue> values)
{
    private readonly List<(CountedValue Value, long StartMs, Permit Number)> _entries = new(values.Count);

    /// <summary>What the call is counted by.</summary>
    public IReadOnlyList<CountedValue> Values => values;

    /// <summary>The numbers of the call's limits, as long as they are to go back at the end.</summary>
    public Permit Taken { get; set; }

    /// <summary>A value has its number in the window of this start: this one, or if it is missing an old one.</summary>
    public void Add(CountedValue value, long startMs, Permit number) => _entries.Add((value, startMs, number));

    /// <summary>Whether each value is counted in the very window that has its number.</summary>
    public bool IsInOneWindow()
    {
        foreach (var (value, startMs, _) in _entries)
        {
            if (value.Counter.Key.Kind.IsAligned && WindowOf(value) != startMs) return false;
        }

        return true;
    }

    /// <summary>The latest window that was seen, or this instant.</summary>
    public long LatestMs(long nowMs)
    {
        foreach (var (value, startMs, _) in _entries)
            nowMs = Math.Max(nowMs, Math.Max(startMs, value.Counter.Key.Kind.IsAligned ? WindowOf(value) : startMs));
        return nowMs;
    }

    /// <summary>Marks the new values as counted; the refusal if that cannot be done for certain.</summary>
    public async ValueTask<LimitDecision?> MarkAsync(long nowMs)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            var (value, startMs, number) = _entries[i];
            if (number.IsMissing) continue;
            var mark = value.Counter.Mark(value.Value, startMs);
            LimitDecision set = default;
            var isOthers = false;
            try
            {
                set = await limiter.AcquireAsync(new LimitRequest(CallId.New(), nowMs, [mark]), CancellationToken.None);
                isOthers = set.Refusal is { Kind: RefusalKind.NoRoom };
            }
            finally
            {
                // The mark may be there now, whatever was said of it: unless another call's number pays for it, this
                // one does for good.
                if (!isOthers) number.Complete();
            }

            if (!set.IsAdmitted && !isOthers) return set;
            if (set.IsAdmitted) set.Permit.Complete();
            value.Counter.Note(startMs);
        }

        return null;
    }

    /// <summary>Gives back what is not needed: a number that is paid for good is not given back by this.</summary>
    public async ValueTask EndAsync()
    {
        if (!Taken.IsMissing) await limiter.ReleaseAsync(Taken, CancellationToken.None);
        foreach (var (_, _, number) in _entries)
            if (!number.IsMissing) await limiter.ReleaseAsync(number, CancellationToken.None);
    }

    private long WindowOf(CountedValue value)
    {
        foreach (var part in Taken.Parts)
            if (part.Key == value.Counter.Key) return part.WindowStartMs;
        return long.MinValue;
    }
}
