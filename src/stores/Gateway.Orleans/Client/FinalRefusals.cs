using System.Collections.Concurrent;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Orleans.Client;

/// <summary>
/// Refusals of which nothing can come back in their window: a runaway agent is then refused here and costs the counters
/// nothing. Kept for a minute at most.
/// </summary>
internal sealed class FinalRefusals(int countMax)
{
    private const long AgeMaxMs = 60_000;

    private readonly ConcurrentDictionary<CounterKey, Entry> _entries = new();

    /// <summary>Whether a call of this cost is known to be refused in the window that runs.</summary>
    public bool TryFind(CounterKey key, in CounterRequest ask, long nowMs, out CounterRefusal refusal)
    {
        refusal = default;
        if (!_entries.TryGetValue(key, out var entry)) return false;
        if (nowMs >= entry.UntilMs)
        {
            _entries.TryRemove(new(key, entry));
            return false;
        }

        refusal = entry.Refusal;
        return entry.Max == ask.Max && ask.Cost >= entry.Cost && nowMs >= entry.Refusal.WindowStartMs;
    }

    /// <summary>Remembers a final refusal until its window ends.</summary>
    public void Remember(CounterKey key, in CounterRequest ask, in CounterRefusal refusal, long nowMs)
    {
        if (refusal is not { Kind: RefusalKind.NoRoom, IsFinal: true }) return;
        var untilMs = Math.Min(key.Window.EndMs(refusal.WindowStartMs), nowMs + AgeMaxMs);
        if (untilMs <= nowMs) return;
        if (_entries.Count >= countMax) MakeRoom(nowMs);
        _entries.AddOrUpdate(
            key,
            static (_, added) => added,
            static (_, old, added) => old.Covers(added) ? old : added,
            new Entry(ask.Max, ask.Cost, refusal, untilMs));
    }

    private void MakeRoom(long nowMs)
    {
        foreach (var pair in _entries)
            if (nowMs >= pair.Value.UntilMs) _entries.TryRemove(pair);
        if (_entries.Count >= countMax) _entries.Clear();
    }

    private sealed record Entry(Amount Max, Amount Cost, CounterRefusal Refusal, long UntilMs)
    {
        /// <summary>Whether this one, of a smaller cost in the same window, says what the other says.</summary>
        public bool Covers(Entry other) =>
            Max == other.Max && Refusal.WindowStartMs == other.Refusal.WindowStartMs && Cost.CompareTo(other.Cost) <= 0;
    }
}
