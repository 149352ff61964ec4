using System.Collections.Concurrent;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Grants of which a counter of a new session was just refused because there are too many: another session would be of
/// no use to them. It says so for a moment only, as places become free.
/// </summary>
internal sealed class CrowdedGrants(TimeProvider time)
{
    private const int GrantsMax = 4096;

    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, long> _refusedAt = new(StringComparer.Ordinal);

    /// <summary>A new session of this grant could not be counted.</summary>
    public void Add(CounterKey key)
    {
        if (_refusedAt.Count >= GrantsMax) _refusedAt.Clear();
        _refusedAt[key.SessionGrant.ToString()] = time.GetTimestamp();
    }

    /// <summary>Whether that was so a moment ago.</summary>
    public bool Contains(string grant) =>
        _refusedAt.TryGetValue(grant, out var at) && time.GetElapsedTime(at) < Age;
}
