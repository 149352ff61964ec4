using Gateway.Proxy.Edge;

namespace Gateway.Server.Telemetry;

/// <summary><c>/metrics</c>, where the operator's paths answer; it needs no key.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<GatewayTelemetry>();
        var edge = app.Services.GetRequiredService<OperatorEdge>();
        app.MapGet("/metrics", (HttpContext http) => edge.Serves(http)
            ? Results.Bytes(telemetry.PrometheusText(), "text/plain; version=0.0.4; charset=utf-8")
            : Results.NotFound());
    }
}
