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

    /// <summary>The grant's label; <paramref name="isNew"/> where it was not asked for before.</summary>
    public string Label(string grant, out bool isNew)
    {
        isNew = false;
        if (_grants.ContainsKey(grant))
            return grant;
        if (_grants.Count >= GrantsMax)
            return ToolLabels.Other;
        isNew = _grants.TryAdd(grant, true);
        return grant;
    }
}
