using System.Collections.Concurrent;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Grants whose new session was just refused a counter because there are too many. Opening another session would not
/// help them. An entry expires after a moment, since counters become free.
/// </summary>
internal sealed class CrowdedGrants(TimeProvider time)
{
    private const int GrantsMax = 4096;

    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, long> _refusedAt = new(StringComparer.Ordinal);

    /// <summary>Records that a new session of this grant could not be counted.</summary>
    public void Add(CounterKey key)
    {
        if (_refusedAt.Count >= GrantsMax) _refusedAt.Clear();
        _refusedAt[key.SessionGrant.ToString()] = time.GetTimestamp();
    }

    /// <summary>Returns true if a session of this grant was refused a moment ago.</summary>
    public bool Contains(string grant) =>
        _refusedAt.TryGetValue(grant, out var at) && time.GetElapsedTime(at) < Age;
}
