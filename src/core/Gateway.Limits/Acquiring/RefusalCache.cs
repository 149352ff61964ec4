using System.Collections.Concurrent;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Remembers final refusals at a frontend whose owners are far away, so that a runaway agent costs them nothing. A
/// refusal is final only if nothing of its window can come back; it holds for the same maximum, for costs not below the
/// smallest refused, until the window ends or a minute has passed.
/// </summary>
/// <param name="entriesMax">Counters that it remembers; one more is not remembered.</param>
/// <param name="marginMs">The dead band at a window's edge.</param>
internal sealed class RefusalCache(int entriesMax, int marginMs)
{
    private const int KeptMaxMs = 60_000;

    private readonly ConcurrentDictionary<CounterKey, Entry> _entries = new();

    /// <summary>The refusal that this call would meet again; null if it has to ask.</summary>
    public CounterRefusal? Find(in CounterCost cost, long nowMs)
    {
        if (!_entries.TryGetValue(cost.Key, out var entry)) return null;
        if (nowMs >= entry.UntilMs || nowMs < entry.Refusal.WindowStartMs)
        {
            _entries.TryRemove(cost.Key, out _);
            return null;
        }

        return cost.Max == entry.Max && cost.Cost >= entry.Cost ? entry.Refusal : null;
    }

    /// <summary>Remembers a refusal if it is final.</summary>
    public void Keep(in CounterCost cost, in CounterRefusal refusal, long nowMs)
    {
        if (!refusal.IsFinal) return;
        var endMs = cost.Key.Window.EndMs(refusal.WindowStartMs) - marginMs;
        var added = new Entry(cost.Max, cost.Cost, refusal, Math.Min(endMs, nowMs + KeptMaxMs));
        var isKnown = _entries.TryGetValue(cost.Key, out var entry);
        if (!isKnown && _entries.Count >= entriesMax) return;
        var isWider = isKnown && entry!.Max == cost.Max && entry.Cost <= cost.Cost
            && entry.Refusal.WindowStartMs == refusal.WindowStartMs;
        if (!isWider) _entries[cost.Key] = added;
    }

    private sealed record Entry(Amount Max, Amount Cost, CounterRefusal Refusal, long UntilMs);
}
