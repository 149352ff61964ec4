using Gateway.Proxy.Edge;

namespace Gateway.Cluster.Telemetry;

/// <summary><c>/metrics</c>, where the operator's paths answer; it needs no key.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<ClusterTelemetry>();
        var edge = app.Services.GetRequiredService<OperatorEdge>();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(
            telemetry.Meters,
            http => http.Request.Path == "/metrics" && edge.Serves(http),
            path: null,
            configureBranchedPipeline: null,
            optionsName: null);
    }
}
