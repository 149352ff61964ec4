using System.Diagnostics.Metrics;
using Gateway.Control.Health;
using Gateway.Hosting.Telemetry;

namespace Gateway.Cluster.Telemetry;

/// <summary>
/// Whether a silo without a frontend can count and, if not, why: the families by which a frontend tells the same.
/// </summary>
internal sealed class SiloMetrics : IDisposable
{
    private const string MeterName = "Gateway.Cluster";

    private readonly Meter _meter;
    private readonly IEngineHealth _health;
    private readonly IHostApplicationLifetime _lifetime;

    public SiloMetrics(IMeterFactory factory, IEngineHealth health, IHostApplicationLifetime lifetime)
    {
        (_meter, _health, _lifetime) = (factory.Create(MeterName), health, lifetime);
        _meter.CreateObservableGauge(
            "gateway.ready", () => IsDraining || health.Fault is not null ? 0 : 1,
            description: "1 while counters are owned here.");
        _meter.CreateObservableGauge(
            "gateway.fault", Faults, description: "1 while this is why calls are denied, by cause.");
    }

    /// <summary>Collects the gateway's meters, this one, and those of Orleans.</summary>
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

    private static Measurement<long> Fault(string cause, bool isSo) =>
        new(isSo ? 1 : 0, new KeyValuePair<string, object?>("cause", cause));
}
