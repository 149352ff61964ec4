using System.Collections.Concurrent;

namespace Gateway.Control.Usage.Counting;

/// <summary>The place of each key in the pages of an hour; keys beyond the bound share one each outcome.</summary>
internal sealed class UsageTable
{
    private readonly Lock _adding = new();
    private readonly ConcurrentDictionary<UsageKey, int> _places = new();
    private readonly UsageKey[] _keys;
    private int _count;

    /// <param name="hour">Hours since 1970.</param>
    /// <param name="keysMax">Keys that are told apart.</param>
    public UsageTable(long hour, int keysMax)
    {
        Hour = hour;
        _keys = new UsageKey[keysMax + UsageCounts.Outcomes.Length];
        foreach (var outcome in UsageCounts.Outcomes)
            _keys[_count++] = new UsageKey(UsageCounts.Other, UsageCounts.Other, UsageCounts.Other, outcome);
    }

    public long Hour { get; }

    /// <summary>Places that there may be.</summary>
    public int Capacity => _keys.Length;

    /// <summary>Places that are taken, those of the outcomes among them.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count == Capacity;

    public UsageKey KeyAt(int place) => _keys[place];

    /// <param name="key">What to find.</param>
    /// <param name="outcome">The place of its outcome, for a key that finds no room.</param>
    public int PlaceOf(in UsageKey key, int outcome)
    {
        if (_places.TryGetValue(key, out var place))
            return place;
        return IsFull ? outcome : Add(key, outcome);
    }

    private int Add(in UsageKey key, int outcome)
    {
        lock (_adding)
        {
            if (_places.TryGetValue(key, out var place))
                return place;
            if (_count == _keys.Length)
                return outcome;
            _keys[_count] = key;
            // Whoever reads the count finds the key beneath it.
            Volatile.Write(ref _count, _count + 1);
            _places[key] = _count - 1;
            return _count - 1;
        }
    }
}
