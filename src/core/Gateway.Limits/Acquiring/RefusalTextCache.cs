using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// The words of late refusals, kept for the next that says the very same: a runaway agent is told one thing a thousand
/// times, and putting it into words costs five times as much as the decision. Nothing is decided by it.
/// </summary>
internal sealed class RefusalTextCache
{
    private const int Places = 4096;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>What a counter said to this cost, in words.</summary>
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
