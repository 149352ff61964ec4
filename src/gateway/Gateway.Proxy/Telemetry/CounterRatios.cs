using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// How far the counters of the policies are used, as the latest decision on each saw it: of the whole fleet, without
/// asking anybody. A counter of a session or of one value is an agent's making and is not among them.
/// </summary>
internal sealed class CounterRatios
{
    public const int CountersMax = 500;
    private const string AllGrants = "(all)";

    private readonly ConcurrentDictionary<CounterKey, Seen> _seen = new();
    private readonly TimeProvider _time;
    private int _count;

    public CounterRatios(Meter meter, TimeProvider time)
    {
        _time = time;
        meter.CreateObservableGauge(
            "gateway.counter.used.ratio", Read,
            description: "Share of its maximum that a counter of a policy has used in the window that runs.");
    }

    /// <summary>Notes what a decision saw of the counters that it asked.</summary>
    public void Note(string grant, string server, ReadOnlySpan<LimitCost> costs, LimitDecision taken)
    {
        if (taken.Refusal is { } refusal)
        {
            if (refusal is { Kind: RefusalKind.NoRoom, CostIndex: >= 0 and var at } && at < costs.Length)
                Note(grant, server, costs[at].Key, refusal.Used, costs[at].Max, refusal.ResetAtMs);
            return;
        }

        foreach (var part in taken.Permit.Parts)
            Note(grant, server, part.Key, part.UsedAfter, part.Max, part.ResetAtMs);
    }

    /// <summary>The counters whose window runs; those whose window is over make room.</summary>
    public IEnumerable<Measurement<double>> Read()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (key, seen) in _seen)
        {
            if (seen.ResetAtMs > nowMs)
                yield return new Measurement<double>(seen.Ratio, seen.Labels);
            else if (_seen.TryRemove(key, out _))
                Interlocked.Decrement(ref _count);
        }
    }

    private void Note(string grant, string server, CounterKey key, Amount used, Amount max, long resetAtMs)
    {
        if (!_seen.TryGetValue(key, out var seen))
        {
            if (key.Scope == LimitScope.Session || !ReferenceEquals(key.ShownName, key.Counter)
                || Volatile.Read(ref _count) >= CountersMax)
                return;
            seen = new Seen(
            [
                new("grant", key.Scope is LimitScope.Server or LimitScope.Service ? AllGrants : grant),
                new("server", server),
                new("counter", key.Counter), new("window", key.Window.ToString()),
            ]);
            if (!_seen.TryAdd(key, seen))
                return;
            Interlocked.Increment(ref _count);
        }

        seen.Ratio = max.Nano == 0 ? 1 : (double)used.Nano / (double)max.Nano;
        seen.ResetAtMs = resetAtMs;
    }

    private sealed class Seen(KeyValuePair<string, object?>[] labels)
    {
        public KeyValuePair<string, object?>[] Labels => labels;

        public double Ratio { get; set; }

        public long ResetAtMs { get; set; }
    }
}
