using System.Diagnostics.Metrics;
using Gateway.Control.Health;

namespace Gateway.Proxy.Telemetry;

/// <summary>The metrics of whether this process decides calls, and the cause if it does not.</summary>
internal sealed class HealthMetrics
{
    /// <summary>The meter's name, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Proxy.Health";

    private readonly Readiness _readiness;
    private readonly IEngineHealth _engine;

    public HealthMetrics(IMeterFactory factory, Readiness readiness, Troubles troubles, IEngineHealth engine)
    {
        (_readiness, _engine) = (readiness, engine);
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge(
            "gateway.ready", () => readiness.Problem is null ? 1 : 0, description: "1 while calls are decided.");
        meter.CreateObservableGauge(
            "gateway.fault", Faults, description: "1 while calls are denied for this cause.");
        meter.CreateObservableCounter(
            "gateway.unavailable", troubles.Read,
            description: "Messages refused because of a fault of the gateway, by cause.");
        meter.CreateObservableGauge(
            "gateway.control.last_known", () => readiness.ServesLastKnown ? 1 : 0,
            description: "1 while calls without limits use the last known grants and policies.");
    }

    private Measurement<long>[] Faults()
    {
        var isEngine = _readiness.EngineFault is not null;
        var isClock = isEngine && !_engine.IsClockTrusted;
        return
        [
            Fault("draining", _readiness.IsDraining),
            Fault("clock", isClock),
            Fault("limits", isEngine && !isClock),
            Fault("control", _readiness.ControlStale is not null),
            Fault("audit", _readiness.AuditFault is not null),
        ];
    }

    private static Measurement<long> Fault(string cause, bool isSo) =>
        new(isSo ? 1 : 0, new KeyValuePair<string, object?>("cause", cause));
}
