using System.Diagnostics.Metrics;
using Gateway.Control.Health;
using Gateway.Hosting.Telemetry;
using Gateway.Orleans;

namespace Gateway.Cluster.Telemetry;

/// <summary>
/// Metrics that show whether a silo without a frontend can count and, if not, why; a frontend exports the same metric
/// families.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    private const string MeterName = "Gateway.Cluster";

    private readonly Meter _meter;
    private readonly IEngineHealth _health;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly SiloCounters? _counters;

    /// <param name="factory">Creates the meter.</param>
    /// <param name="health">Health of the limiter.</param>
    /// <param name="lifetime">Reports whether the process is stopping.</param>
    /// <param name="counters">The silo's counters; null while a silo that owns none waits to join.</param>
    public SiloMetrics(
        IMeterFactory factory, IEngineHealth health, IHostApplicationLifetime lifetime, SiloCounters? counters = null)
    {
        (_meter, _health, _lifetime, _counters) = (factory.Create(MeterName), health, lifetime, counters);
        _meter.CreateObservableGauge(
            "gateway.ready", () => IsDraining || health.Fault is not null ? 0 : 1,
            description: "1 while this silo owns counters.");
        _meter.CreateObservableGauge(
            "gateway.fault", Faults, description: "1 while calls are denied for this cause.");
        _meter.CreateObservableGauge(
            "gateway.counter.busiest", Busiest,
            description: "Requests per second to each of the ten busiest counters that this silo owns.");
    }

    /// <summary>Returns telemetry that collects the gateway's meters, this one, and those of Orleans.</summary>
    public static GatewayTelemetry Collect(string instance) =>
        new(instance, [MeterName, "Microsoft.Orleans"], ["Microsoft.Orleans.*"]);

    private bool IsDraining => _lifetime.ApplicationStopping.IsCancellationRequested;

    public void Dispose() => _meter.Dispose();

    private Measurement<long>[] Faults()
    {
        var isFault = _health.Fault is not null;
        var isClock = isFault && !_health.IsClockTrusted;
        return [Fault("draining", IsDraining), Fault("clock", isClock), Fault("limits", isFault && !isClock)];
    }

    // Counters of one name, such as those of individual sessions, form one series.
    private IEnumerable<Measurement<double>> Busiest() => (_counters?.Busiest ?? [])
        .GroupBy(static one => one.Counter, static one => one.PerSecond)
        .Select(static one =>
            new Measurement<double>(one.Sum(), new KeyValuePair<string, object?>("counter", one.Key)));

    private static Measurement<long> Fault(string cause, bool isSo) =>
        new(isSo ? 1 : 0, new KeyValuePair<string, object?>("cause", cause));
}
