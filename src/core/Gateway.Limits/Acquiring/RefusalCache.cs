using System.Collections.Concurrent;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Final refusals at a frontend whose counters are far away, so that a runaway agent costs them nothing. A refusal is
/// final only if nothing of its window can come back; it holds for the same maximum, for costs not below the smallest
/// refused, until the window ends or a minute has passed.
/// </summary>
/// <param name="entriesMax">Counters of which one is remembered; at the bound what is over goes, else all.</param>
/// <param name="marginMs">The dead band at a window's edge, in which a call may wait for the next window.</param>
internal class RefusalCache(int entriesMax, int marginMs)
{
    private const int AgeMaxMs = 60_000;

    private readonly ConcurrentDictionary<CounterKey, Entry> _entries = new();

    /// <summary>Whether this call is known to be refused; if not, its counter has to be asked.</summary>
    public bool TryFind(in CounterCost cost, long nowMs, out CounterRefusal refusal)
    {
        refusal = default;
        if (!_entries.TryGetValue(cost.Key, out var entry)) return false;
        if (nowMs >= entry.UntilMs)
        {
            _entries.TryRemove(new(cost.Key, entry));
            return false;
        }

        refusal = entry.Refusal;
        return cost.Max == entry.Max && cost.Cost >= entry.Cost && nowMs >= refusal.WindowStartMs;
    }

    /// <summary>Remembers a refusal if it is final.</summary>
    public void Keep(in CounterCost cost, in CounterRefusal refusal, long nowMs)
    {
        if (refusal is not { Kind: RefusalKind.NoRoom, IsFinal: true }) return;
        var untilMs = Math.Min(EndMs(cost.Key, refusal), nowMs + AgeMaxMs);
        if (untilMs <= nowMs) return;
        if (_entries.Count >= entriesMax) MakeRoom(nowMs);
        _entries.AddOrUpdate(
            cost.Key,
            static (_, added) => added,
            static (_, old, added) => old.Covers(added) ? old : added,
            new Entry(cost.Max, cost.Cost, refusal, untilMs));
    }

    /// <summary>Up to when a call of this window may be refused.</summary>
    protected virtual long EndMs(CounterKey key, in CounterRefusal refusal) =>
        refusal.EndMs(key) - marginMs;

    private void MakeRoom(long nowMs)
    {
        foreach (var pair in _entries)
            if (nowMs >= pair.Value.UntilMs) _entries.TryRemove(pair);
        if (_entries.Count >= entriesMax) _entries.Clear();
    }

    private sealed record Entry(Amount Max, Amount Cost, CounterRefusal Refusal, long UntilMs)
    {
        /// <summary>Whether this one, of a smaller cost in the same window, says what the other says.</summary>
        public bool Covers(Entry other) =>
            Max == other.Max && Refusal.WindowStartMs == other.Refusal.WindowStartMs && Cost <= other.Cost;
    }
}
