using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;

namespace Gateway.Control.Telemetry;

/// <summary>
/// The used share of the counters of policies and budgets, from the latest decision on each: of the whole fleet,
/// without a read of the store. A counter of a session, of one value or of one key is omitted, because callers could
/// create any number of series.
/// </summary>
public sealed class CounterRatios : IDisposable
{
    /// <summary>The label <c>server</c> of a budget, which belongs to no server.</summary>
    public const string Budgets = "(budgets)";

    internal const int CountersMax = 500;
    private const string AllGrants = "(all)";

    private readonly ConcurrentDictionary<CounterKey, Seen> _seen = new();
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private int _count;

    /// <summary>Creates the gauge.</summary>
    public CounterRatios(IMeterFactory factory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _time = time;
        _meter = factory.Create(MeterNames.Gateway);
        _meter.CreateObservableGauge(
            "gateway.counter.used.ratio", Read,
            description: "Used share of the maximum of a policy's or a budget's counter in the current window.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Notes the counters of a decision.</summary>
    /// <param name="grant">The grant; not used for a budget.</param>
    /// <param name="server">The server; not used for a budget.</param>
    /// <param name="costs">The costs of a refused decision.</param>
    /// <param name="taken">The decision.</param>
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

    /// <summary>Returns the counters whose window is running, and removes those whose window is over.</summary>
    private IEnumerable<Measurement<double>> Read()
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
            var isBudget = Budget.IsCounter(key);
            // The rate limit service's own counters are created by its callers.
            if ((key.Scope == LimitScope.Service && !isBudget) || key.Scope == LimitScope.Session
                || !ReferenceEquals(key.ShownName, key.Counter) || Volatile.Read(ref _count) >= CountersMax)
                return;
            seen = new Seen(
            [
                new("grant", key.Scope is LimitScope.Server or LimitScope.Service ? AllGrants : grant),
                new("server", isBudget ? Budgets : server),
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
