using Gateway.Identity.Listeners;

namespace Gateway.Server.Telemetry;

/// <summary><c>/metrics</c>, where the operator's paths answer; it needs no key.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<GatewayTelemetry>();
        app.UseMetricsDoor();
        app.MapGet("/metrics", () => Results.Bytes(
            telemetry.PrometheusText(), "text/plain; version=0.0.4; charset=utf-8"));
    }
}
