using Gateway.Proxy.Audit;
using Gateway.Proxy.Control;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Health;

/// <summary>Whether this process can decide calls now, and if not, why; every unready process denies.</summary>
internal sealed class Readiness(
    AuditLog audit, IEngineHealth engine, ControlFreshness control, IHostApplicationLifetime lifetime)
{
    public bool IsDraining => Draining.IsCancellationRequested;

    /// <summary>Set once the process was asked to stop: streams that would stay open end, calls finish.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;

    /// <summary>Why limits cannot be counted now; null while they can.</summary>
    public string? EngineFault => engine.Fault;

    /// <summary>False while the audit log cannot be written.</summary>
    public bool IsAuditHealthy => audit.IsHealthy;

    /// <summary>Why no grant can be trusted now; null while they can.</summary>
    public string? ControlFault => control.Fault;

    /// <summary>Null when ready.</summary>
    public string? Problem =>
        IsDraining ? "the gateway is shutting down"
        : engine.Fault is { } fault ? $"the limit engine cannot decide: {fault}"
        : control.Fault is { } stale ? stale
        : audit.IsHealthy ? null
        : "the audit log cannot be written";
}
