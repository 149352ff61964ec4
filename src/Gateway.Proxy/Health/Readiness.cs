using Gateway.Proxy.Audit;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Health;

/// <summary>Whether this process can decide calls now, and if not, why; every unready process denies.</summary>
internal sealed class Readiness(AuditLog audit, IEngineHealth engine, IHostApplicationLifetime lifetime)
{
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Null when ready.</summary>
    public string? Problem =>
        IsDraining ? "the gateway is shutting down"
        : engine.Fault is { } fault ? $"the limit engine cannot decide: {fault}"
        : audit.IsHealthy ? null
        : "the audit log cannot be written";
}
