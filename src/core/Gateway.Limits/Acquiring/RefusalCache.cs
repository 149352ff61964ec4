using System.Collections.Concurrent;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Final refusals, cached at a frontend whose counters are remote, so that a runaway agent does not load them. A
/// refusal is final only if nothing of its window can come back. It applies to the same maximum and to costs no smaller
/// than the smallest one refused, until the window ends or a minute has passed.
/// </summary>
/// <param name="entriesMax">
/// Counters for which a refusal is remembered. At the bound, expired entries are evicted, or all if none has expired.
/// </param>
/// <param name="marginMs">
/// The dead band at the edge of a window, in which a call may wait for the next window, in milliseconds.
/// </param>
internal class RefusalCache(int entriesMax, int marginMs)
{
    private const int AgeMaxMs = 60_000;

    private readonly ConcurrentDictionary<CounterKey, Entry> _entries = new();

    /// <summary>Returns true if this call is known to be refused. If not, its counter must be requested.</summary>
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

    /// <summary>Returns the time until which a call of this window may be refused.</summary>
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
        /// <summary>
        /// Returns true if this refusal, of an equal or smaller cost in the same window, implies the other.
        /// </summary>
        public bool Covers(Entry other) =>
            Max == other.Max && Refusal.WindowStartMs == other.Refusal.WindowStartMs && Cost <= other.Cost;
    }
}
