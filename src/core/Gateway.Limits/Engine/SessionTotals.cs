using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// The number of counters of sessions and services, in total and per grant and domain. Protected by one lock of the
/// caller.
/// </summary>
public sealed class SessionTotals
{
    private readonly Dictionary<string, int> _ofGrants = new(StringComparer.Ordinal);

    /// <summary>Total for all grants and domains.</summary>
    public int Count { get; private set; }

    /// <summary>Returns true if one more counter is within these bounds.</summary>
    /// <param name="key">The new counter.</param>
    /// <param name="countersInAll">Number of counters of all kinds that exist.</param>
    /// <param name="bounds">The bounds.</param>
    public bool HasRoom(CounterKey key, int countersInAll, CounterBounds bounds)
    {
        if (countersInAll >= bounds.CountersMax) return false;
        if (!key.IsMadeByCallers) return true;
        return Count < bounds.SessionCountersMax && Of(key.RoomOwner) < bounds.SessionCountersPerGrantMax;
    }

    /// <summary>Counts a new counter.</summary>
    public void Add(CounterKey key)
    {
        if (!key.IsMadeByCallers) return;
        var grants = _ofGrants.GetAlternateLookup<ReadOnlySpan<char>>();
        CollectionsMarshal.GetValueRefOrAddDefault(grants, key.RoomOwner, out _)++;
        Count++;
    }

    /// <summary>Removes a counter.</summary>
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
