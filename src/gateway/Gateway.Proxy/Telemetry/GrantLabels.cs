using System.Collections.Concurrent;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// Keeps grants as labels bounded: only so many have one of their own, the rest count together. Only operators name
/// grants, so an agent cannot use the room up.
/// </summary>
internal sealed class GrantLabels
{
    public const int GrantsMax = 500;

    private readonly ConcurrentDictionary<string, bool> _grants = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The grant's label; <paramref name="isNew"/> where it was not asked for before.</summary>
    public string Label(string grant, out bool isNew)
    {
        isNew = false;
        if (_grants.ContainsKey(grant))
            return grant;
        // Counted apart: the dictionary takes all of its locks to tell, and beyond the bound every message asks.
        if (Volatile.Read(ref _count) >= GrantsMax)
            return ToolLabels.Other;
        isNew = _grants.TryAdd(grant, true);
        if (isNew)
            Interlocked.Increment(ref _count);
        return grant;
    }
}
