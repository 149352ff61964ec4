using Gateway.Cluster.Telemetry;
using Gateway.Control.Health;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Telemetry;

namespace Gateway.Cluster.Hosting;

/// <summary>HTTP endpoints of a silo without a frontend: liveness and readiness.</summary>
internal static class SiloRoutes
{
    public static void Map(WebApplication app)
    {
        var health = app.Services.GetRequiredService<IEngineHealth>();
        // Nothing calls these services; they only have to exist.
        _ = app.Services.GetRequiredService<EngineMetrics>();
        _ = app.Services.GetRequiredService<SiloMetrics>();
        var stopping = app.Lifetime.ApplicationStopping;
        app.MapGet("/livez", static () => Results.Text("ok")).GuardedBy(EndpointGuard.Everyone);
        app.MapGet("/readyz", () =>
        {
            var problem = stopping.IsCancellationRequested ? "the silo is shutting down" : health.Fault;
            return problem is null
                ? Results.Text("ready")
                : Results.Text($"not ready: {problem}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }).GuardedBy(EndpointGuard.Everyone);
    }
}
