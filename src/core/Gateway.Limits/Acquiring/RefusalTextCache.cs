using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Recent refusal texts, reused for identical refusals. A runaway agent receives the same refusal a thousand times, and
/// formatting it costs five times as much as the decision. No decision depends on this cache.
/// </summary>
internal sealed class RefusalTextCache
{
    private const int Places = 4096;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>Returns the refusal of this cost as text, from the cache if possible.</summary>
    public LimitRefusal Of(in CounterCost cost, in CounterRefusal refusal)
    {
        ref var place = ref _entries[cost.Key.GetHashCode() & (Places - 1)];
        if (Volatile.Read(ref place) is { } entry && entry.Cost == cost && entry.Refusal == refusal)
            return entry.Words;
        var words = RefusalText.Of(cost, refusal);
        Volatile.Write(ref place, new Entry(cost, refusal, words));
        return words;
    }

    private sealed record Entry(CounterCost Cost, CounterRefusal Refusal, LimitRefusal Words);
}
