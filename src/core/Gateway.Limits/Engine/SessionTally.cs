using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// How many counters of sessions and services there are, of each grant and domain and in all. Owned by one lock.
/// </summary>
public sealed class SessionTally
{
    private readonly Dictionary<string, int> _ofGrants = new(StringComparer.Ordinal);

    /// <summary>Of all grants and domains.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one more, which is there yet nowhere, is within these bounds.</summary>
    /// <param name="key">The new counter.</param>
    /// <param name="countersInAll">Counters of all kinds that there are.</param>
    /// <param name="bounds">The bounds.</param>
    public bool HasRoom(CounterKey key, int countersInAll, CounterBounds bounds)
    {
        if (countersInAll >= bounds.CountersMax) return false;
        if (!key.IsMadeByCallers) return true;
        return Count < bounds.SessionCountersMax && Of(key.RoomOwner) < bounds.SessionCountersPerGrantMax;
    }

    /// <summary>A counter came into being.</summary>
    public void Add(CounterKey key)
    {
        if (!key.IsMadeByCallers) return;
        var grants = _ofGrants.GetAlternateLookup<ReadOnlySpan<char>>();
        CollectionsMarshal.GetValueRefOrAddDefault(grants, key.RoomOwner, out _)++;
        Count++;
    }

    /// <summary>A counter is gone.</summary>
    public void Remove(CounterKey key)
    {
        if (!key.IsMadeByCallers) return;
        var grants = _ofGrants.GetAlternateLookup<ReadOnlySpan<char>>();
        if (--CollectionsMarshal.GetValueRefOrAddDefault(grants, key.RoomOwner, out _) <= 0)
            grants.Remove(key.RoomOwner);
        Count--;
    }

    private int Of(ReadOnlySpan<char> grant) =>
        _ofGrants.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(grant, out var count) ? count : 0;
}
