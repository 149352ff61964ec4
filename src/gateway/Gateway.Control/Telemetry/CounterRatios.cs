using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
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
    public const string Budgets = ChargeRecord.Server;

    internal const int CountersMax = 500;
    internal const double NearlyFullShare = 0.9;
    private const int NearlyFullMax = 20;
    private const long NearlyFullWindowMs = 3_600_000;
    private const double NanoPerUnit = 1e9;
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
            description: "Share of its maximum that a counter of a policy or budget has used in the current window.");
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
                Note(grant, server, costs[at].Key, refusal.Used, refusal.Max, refusal.ResetAtMs);
            return;
        }

        foreach (var part in taken.Permit.Parts)
            Note(grant, server, part.Key, part.UsedAfter, part.Max, part.ResetAtMs);
    }

    /// <summary>
    /// Returns the highest use of each running window since the last sample, for figures over time.
    /// </summary>
    public IReadOnlyList<KeyValuePair<UsedLimit, UsedShare>> Sample() =>
        [.. Running().Select(static seen => new KeyValuePair<UsedLimit, UsedShare>(seen.Limit, seen.Sample()))];

    /// <summary>
    /// Returns the limits that are nearly used up, the fullest first. Short windows are omitted: they fill and reset
    /// before a person can act.
    /// </summary>
    public IReadOnlyList<KeyValuePair<UsedLimit, UsedShare>> NearlyFull() =>
    [
        .. Running().Where(static seen => seen.Ratio >= NearlyFullShare && seen.WindowMs >= NearlyFullWindowMs)
            .OrderByDescending(static seen => seen.Ratio).Take(NearlyFullMax)
            .Select(static seen => new KeyValuePair<UsedLimit, UsedShare>(seen.Limit, seen.Latest)),
    ];

    private IEnumerable<Measurement<double>> Read() =>
        Running().Select(static seen => new Measurement<double>(seen.Ratio, seen.Labels));

    /// <summary>Returns the counters whose window is running, and removes those whose window is over.</summary>
    private IEnumerable<Seen> Running()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (key, seen) in _seen)
        {
            if (seen.ResetAtMs > nowMs)
                yield return seen;
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
            seen = new Seen(new UsedLimit(
                key.Scope is LimitScope.Server or LimitScope.Service ? AllGrants : grant,
                isBudget ? Budgets : server, key.Counter, key.Window.ToString()), key.Window.LongestMs);
            if (!_seen.TryAdd(key, seen))
                return;
            Interlocked.Increment(ref _count);
        }

        seen.Note(used, max, resetAtMs);
    }

    /// <summary>The latest use of a counter. Its numbers may be of different decisions, as they only inform.</summary>
    private sealed class Seen(UsedLimit limit, long windowMs)
    {
        private double _used;
        private double _max;
        private double _highest;

        public UsedLimit Limit => limit;

        public long WindowMs => windowMs;

        public UsedShare Latest => new(_used, _max, ResetAtMs);

        public KeyValuePair<string, object?>[] Labels { get; } =
        [
            new("grant", limit.Grant), new("server", limit.Server), new("counter", limit.Counter),
            new("window", limit.Window),
        ];

        public double Ratio { get; private set; }

        public long ResetAtMs { get; private set; }

        public void Note(Amount used, Amount max, long resetAtMs)
        {
            Ratio = max.Nano == 0 ? 1 : (double)used.Nano / (double)max.Nano;
            (_used, _max) = ((double)used.Nano / NanoPerUnit, (double)max.Nano / NanoPerUnit);
            ResetAtMs = resetAtMs;
            _highest = Math.Max(_highest, _used);
        }

        public UsedShare Sample()
        {
            var highest = _highest;
            _highest = _used;
            return new UsedShare(highest, _max, ResetAtMs);
        }
    }
}

/// <summary>A counter whose use is reported: of a limit of a policy, or of a budget.</summary>
/// <param name="Grant">The grant; <c>(all)</c> if all grants share it.</param>
/// <param name="Server">The server; <c>(budgets)</c> for a budget.</param>
/// <param name="Counter">The counter's name in the policy, or the budget's name.</param>
/// <param name="Window">The window.</param>
public readonly record struct UsedLimit(string Grant, string Server, string Counter, string Window);

/// <summary>The use of a limit. Figures for charts: they are rounded to 15 digits, and decide nothing.</summary>
/// <param name="Used">The highest used amount.</param>
/// <param name="Max">The maximum of the window.</param>
/// <param name="ResetAtMs">The end of the window in Unix milliseconds.</param>
public readonly record struct UsedShare(double Used, double Max, long ResetAtMs);
