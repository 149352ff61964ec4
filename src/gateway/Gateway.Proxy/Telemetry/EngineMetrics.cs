using System.Diagnostics.Metrics;
using Gateway.Control.Health;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Telemetry;

/// <summary>The metrics of the limit engine of a process, including a silo.</summary>
public sealed class EngineMetrics : IDisposable
{
    /// <summary>The meter's name, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Proxy.Engine";

    private readonly Meter _meter;

    /// <summary>Begins to measure <paramref name="engine"/> until disposed.</summary>
    public EngineMetrics(IMeterFactory factory, IEngineHealth engine)
    {
        _meter = factory.Create(MeterName);
        _meter.CreateObservableGauge(
            "gateway.limits.counters", () =>
                engine.Statistics.CountersInMemory, description: "Counters that this process owns now.");
        _meter.CreateObservableGauge(
            "gateway.limits.counters.max", () => engine.Statistics.CountersMax,
            description: "The maximum number of counters that this process may own; 0 if it owns none.");
        _meter.CreateObservableCounter(
            "gateway.limits.counters.refused", () => engine.Statistics.CountersRefused,
            description: "New counters refused because a maximum was reached, in total or for a grant's sessions.");
        _meter.CreateObservableGauge(
            "gateway.limits.journal.size", () => engine.JournalBytes, "By", "Length of the journal.");
        _meter.CreateObservableGauge(
            "gateway.limits.ready", () => engine.Fault is null ? 1 : 0, description: "1 while limits can be counted.");
        _meter.CreateObservableCounter(
            "gateway.limits.reads", () => Reads(engine.Statistics),
            description: "Records requested from the store, by outcome.");
        _meter.CreateObservableCounter(
            "gateway.limits.writes", () => Writes(engine.Statistics),
            description: "Reservations and returns, by outcome. If the outcome is unknown, numbers may be wasted.");
        _meter.CreateObservableGauge(
            "gateway.clock.ahead", () => engine.ClockAhead.TotalSeconds, "s",
            "Time by which this machine's clock is ahead of the store's clock; 0 if the store has no clock.");
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
