using Gateway.Identity.Listeners;

namespace Gateway.Cluster.Telemetry;

/// <summary><c>/metrics</c>, where the operator's paths answer; it needs no key.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<ClusterTelemetry>();
        app.UseMetricsDoor();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(
            telemetry.Meters,
            static http => http.Request.Path == "/metrics",
            path: null,
            configureBranchedPipeline: null,
            optionsName: null);
    }
}
