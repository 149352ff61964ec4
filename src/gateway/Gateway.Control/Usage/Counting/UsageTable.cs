using System.Collections.Concurrent;

namespace Gateway.Control.Usage.Counting;

/// <summary>
/// The place of each key in the pages of an hour; keys beyond the bound share one place for each outcome.
/// </summary>
internal sealed class UsageTable
{
    private readonly Lock _adding = new();
    private readonly ConcurrentDictionary<UsageKey, int> _places = new();
    private readonly UsageKey[] _keys;
    private int _count;

    /// <param name="hour">Hours since 1970.</param>
    /// <param name="keysMax">The maximum number of keys with a place of their own.</param>
    public UsageTable(long hour, int keysMax)
    {
        Hour = hour;
        _keys = new UsageKey[keysMax + UsageCounts.Outcomes.Length];
        foreach (var outcome in UsageCounts.Outcomes)
            _keys[_count++] = new UsageKey(UsageCounts.Other, UsageCounts.Other, UsageCounts.Other, outcome);
    }

    public long Hour { get; }

    /// <summary>The maximum number of places.</summary>
    public int Capacity => _keys.Length;

    /// <summary>The number of used places, including those of the outcomes.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count == Capacity;

    public UsageKey KeyAt(int place) => _keys[place];

    /// <param name="key">The key to find.</param>
    /// <param name="outcome">The place of its outcome, for a key without a place of its own.</param>
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
            // Any thread that reads the new count also finds the key below it.
            Volatile.Write(ref _count, _count + 1);
            _places[key] = _count - 1;
            return _count - 1;
        }
    }
}

/// <summary>The labels under which calls are counted.</summary>
/// <param name="Grant">The grant of the call, or <see cref="UsageCounts.Other"/>.</param>
/// <param name="Server">The server of the call.</param>
/// <param name="Tool">The tool of the call, or <see cref="UsageCounts.Other"/>.</param>
/// <param name="Outcome"><c>allowed</c>, or the reason why it was refused.</param>
/// <param name="Policy">The policy that decided; empty for none.</param>
public readonly record struct UsageKey(string Grant, string Server, string Tool, string Outcome, string Policy = "");
