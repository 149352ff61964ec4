using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// One attempt to count a call by value. It tracks the numbers that were taken and those to give back at its end.
/// </summary>
internal sealed class Entering(ILimiter limiter, List<CountedValue> values)
{
    private readonly List<(CountedValue Value, long StartMs, Permit Number)> _entries = new(values.Count);

    /// <summary>The values by which the call is counted.</summary>
    public IReadOnlyList<CountedValue> Values => values;

    /// <summary>The permit for the call's limits, while it is still to be given back at the end.</summary>
    public Permit Taken { get; set; }

    /// <summary>
    /// Adds a value with its number in the window of this start. If <paramref name="number"/> is missing, the value was
    /// counted earlier.
    /// </summary>
    public void Add(CountedValue value, long startMs, Permit number) => _entries.Add((value, startMs, number));

    /// <summary>Returns true if each value is counted in the same window that has its number.</summary>
    public bool IsInOneWindow()
    {
        foreach (var (value, startMs, _) in _entries)
        {
            if (value.Counter.Key.Kind.IsAligned && WindowOf(value) != startMs) return false;
        }

        return true;
    }

    /// <summary>Returns the latest window start seen, or this instant if it is later.</summary>
    public long LatestMs(long nowMs)
    {
        foreach (var (value, startMs, _) in _entries)
            nowMs = Math.Max(nowMs, Math.Max(startMs, value.Counter.Key.Kind.IsAligned ? WindowOf(value) : startMs));
        return nowMs;
    }

    /// <summary>Marks the new values as counted. Returns the refusal if that cannot be done with certainty.</summary>
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
                // The mark may exist now, whatever the reply was. Unless another call's number pays for it, this number
                // does, for good.
                if (!isOthers) number.Complete();
            }

            if (!set.IsAdmitted && !isOthers) return set;
            if (set.IsAdmitted) set.Permit.Complete();
            value.Counter.Note(startMs);
        }

        return null;
    }

    /// <summary>Gives back the numbers that are not needed. A committed number is not given back.</summary>
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
