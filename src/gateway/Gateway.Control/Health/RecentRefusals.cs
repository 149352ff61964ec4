using System.Collections.Concurrent;

namespace Gateway.Control.Health;

/// <summary>
/// The grants that this process refused in the last hour, with the last rule that refused each. The number of grants
/// bounds it; beyond its own bound, the grants whose last refusal is oldest are forgotten.
/// </summary>
public sealed class RecentRefusals
{
    /// <summary>The maximum number of grants that are kept.</summary>
    public const int GrantsMax = 10_000;

    /// <summary>The time for which a call that was refused as unavailable is reported.</summary>
    public static readonly TimeSpan UnavailableFor = TimeSpan.FromMinutes(5);

    private const int Minutes = 60;
    private const long MinuteMs = 60_000;
    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);
    private volatile UnavailableCall? _unavailable;

    /// <summary>Remembers the last call that was refused by a fault, and the start of such refusals.</summary>
    public void AddUnavailable(UnavailableCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _unavailable = LastUnavailable(call.LastMs) is { } before ? call with { SinceMs = before.SinceMs } : call;
    }

    /// <summary>
    /// Returns the last call that was refused by a fault and not by a rule or limit; null if it was too long ago.
    /// </summary>
    public UnavailableCall? LastUnavailable(long nowMs) =>
        _unavailable is { } last && nowMs - last.LastMs < UnavailableFor.TotalMilliseconds ? last : null;

    /// <summary>Counts a refusal by a rule.</summary>
    public void Add(string grant, string rule, long nowMs)
    {
        if (!_grants.TryGetValue(grant, out var known))
        {
            if (_grants.Count >= GrantsMax)
                Forget(nowMs);
            known = _grants.GetOrAdd(grant, static _ => new Grant());
        }

        known.Add(rule, nowMs);
    }

    /// <summary>Returns the grants that were refused in the hour before now, the most refused first.</summary>
    public IReadOnlyList<RefusedGrant> Read(long nowMs) =>
    [
        .. _grants.Select(pair => pair.Value.Read(pair.Key, nowMs)).Where(static grant => grant.Count > 0)
            .OrderByDescending(static grant => grant.Count).ThenBy(static grant => grant.Name, StringComparer.Ordinal),
    ];

    private void Forget(long nowMs)
    {
        // Remove a tenth at a time, so that a flood of grants rarely pays for this.
        foreach (var (name, grant) in _grants.OrderBy(static pair => pair.Value.LastMs).Take(GrantsMax / 10))
        {
            if (_grants.Count >= GrantsMax || grant.LastMs < nowMs - Minutes * MinuteMs)
                _grants.TryRemove(name, out _);
        }
    }

    private sealed class Grant
    {
        private readonly Lock _gate = new();
        private readonly long[] _counts = new long[Minutes];
        private readonly long[] _minutes = new long[Minutes];
        private string _rule = "";
        private long _lastMs;

        public long LastMs => Volatile.Read(ref _lastMs);

        public void Add(string rule, long nowMs)
        {
            var minute = nowMs / MinuteMs;
            lock (_gate)
            {
                ref var count = ref _counts[minute % Minutes];
                if (_minutes[minute % Minutes] != minute)
                    (_minutes[minute % Minutes], count) = (minute, 0);
                count++;
                (_rule, _lastMs) = (rule, nowMs);
            }
        }

        public RefusedGrant Read(string name, long nowMs)
        {
            var minute = nowMs / MinuteMs;
            lock (_gate)
            {
                long count = 0;
                for (var i = 0; i < Minutes; i++)
                    count += _minutes[i] > minute - Minutes && _minutes[i] <= minute ? _counts[i] : 0;
                return new RefusedGrant(name, count, _rule, _lastMs);
            }
        }
    }
}

/// <summary>A call that was refused because a part of the gateway was not available.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Rule">The built-in name.</param>
/// <param name="Reason">The reason in one sentence.</param>
/// <param name="SinceMs">The first such refusal without a longer interruption, in Unix milliseconds.</param>
/// <param name="LastMs">The time of this refusal, in Unix milliseconds.</param>
public sealed record UnavailableCall(
    string Grant, string Server, string Rule, string Reason, long SinceMs, long LastMs);

/// <summary>A grant that was refused recently.</summary>
/// <param name="Name">The grant.</param>
/// <param name="Count">The number of refusals.</param>
/// <param name="Rule">The last rule that refused it: a JSON Pointer, or a built-in name.</param>
/// <param name="LastMs">The time of the last refusal in Unix milliseconds.</param>
public sealed record RefusedGrant(string Name, long Count, string Rule, long LastMs);
