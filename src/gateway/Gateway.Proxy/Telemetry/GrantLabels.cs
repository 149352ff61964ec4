using System.Collections.Concurrent;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The bounded set of grants used as labels: a fixed number have their own label, and the rest are counted together.
/// Only operators name grants, so an agent cannot use up the labels.
/// </summary>
internal sealed class GrantLabels
{
    public const int GrantsMax = 500;

    private readonly ConcurrentDictionary<string, OutcomeSeries> _grants = new(StringComparer.Ordinal);
    private readonly OutcomeSeries _other = new(ToolLabels.Other);
    private int _count;

    /// <summary>Returns the series of the grant's label; <paramref name="isNew"/> is true the first time.</summary>
    public OutcomeSeries Of(string grant, out bool isNew)
    {
        isNew = false;
        if (_grants.TryGetValue(grant, out var known))
            return known;
        // Counted separately, because the dictionary takes all its locks to count, and every message beyond the bound
        // needs the count.
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
