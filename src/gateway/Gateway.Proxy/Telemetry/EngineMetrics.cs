using System.Diagnostics.Metrics;
using Gateway.Control.Health;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Telemetry;

/// <summary>What the limit engine of a process says of itself in numbers, a silo's too.</summary>
public sealed class EngineMetrics : IDisposable
{
    /// <summary>The meter's name, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Proxy.Engine";

    private readonly Meter _meter;

    /// <summary>Begins to measure <paramref name="engine"/>, until it is disposed of.</summary>
    public EngineMetrics(IMeterFactory factory, IEngineHealth engine)
    {
        _meter = factory.Create(MeterName);
        _meter.CreateObservableGauge(
            "gateway.limits.counters", () =>
                engine.Statistics.CountersInMemory, description: "Counters owned here now.");
        _meter.CreateObservableGauge(
            "gateway.limits.counters.max", () => engine.Statistics.CountersMax,
            description: "The most counters that this process may own; 0 where it owns none.");
        _meter.CreateObservableCounter(
            "gateway.limits.counters.refused", () => engine.Statistics.CountersRefused,
            description: "New counters refused, as there were as many as may be, in all or of a grant's sessions.");
        _meter.CreateObservableGauge(
            "gateway.limits.journal.size", () => engine.JournalBytes, "By", "Length of the journal.");
        _meter.CreateObservableGauge(
            "gateway.limits.ready", () => engine.Fault is null ? 1 : 0, description: "1 while limits can be counted.");
        _meter.CreateObservableCounter(
            "gateway.limits.reads", () => Reads(engine.Statistics),
            description: "Records asked of the store, by whether it answered.");
        _meter.CreateObservableCounter(
            "gateway.limits.writes", () => Writes(engine.Statistics),
            description: "Reservations and hand-backs by what became of them; unknown ones may be wasted.");
        _meter.CreateObservableGauge(
            "gateway.clock.ahead", () => engine.ClockAhead.TotalSeconds, "s",
            "By how much this machine's clock is ahead of the store's; 0 where there is none to compare with.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] Reads(LimiterStatistics figures) =>
    [
        new(figures.Reads - figures.ReadsFailed, new KeyValuePair<string, object?>("outcome", "ok")),
        new(figures.ReadsFailed, new KeyValuePair<string, object?>("outcome", "unavailable")),
    ];

    private static Measurement<long>[] Writes(LimiterStatistics figures) =>
    [
        new(figures.Writes, new KeyValuePair<string, object?>("outcome", "ok")),
        new(figures.Conflicts, new KeyValuePair<string, object?>("outcome", "conflict")),
        new(figures.Unknown, new KeyValuePair<string, object?>("outcome", "unknown")),
    ];
}
