using System.Collections.Concurrent;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// Keeps grants as labels bounded: only so many have one of their own, the rest count together. Only operators name
/// grants, so an agent cannot use the room up.
/// </summary>
internal sealed class GrantLabels
{
    public const int GrantsMax = 500;

    private readonly ConcurrentDictionary<string, OutcomeSeries> _grants = new(StringComparer.Ordinal);
    private readonly OutcomeSeries _other = new(ToolLabels.Other);
    private int _count;

    /// <summary>
    /// What is counted under the grant's label; <paramref name="isNew"/> where it was not asked for before.
    /// </summary>
    public OutcomeSeries Of(string grant, out bool isNew)
    {
        isNew = false;
        if (_grants.TryGetValue(grant, out var known))
            return known;
        // Counted apart: the dictionary takes all of its locks to tell, and beyond the bound every message asks.
        if (Volatile.Read(ref _count) >= GrantsMax)
            return _other;
        var made = new OutcomeSeries(grant);
        known = _grants.GetOrAdd(grant, made);
        isNew = known == made;
        if (isNew)
            Interlocked.Increment(ref _count);
        return known;
    }
}
