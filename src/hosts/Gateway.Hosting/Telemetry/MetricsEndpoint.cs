using Gateway.Identity.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Telemetry;

/// <summary><c>/metrics</c>, where the operator's paths answer; it needs no key.</summary>
public static class MetricsEndpoint
{
    /// <summary>Serves what <see cref="GatewayTelemetry"/> collects.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<GatewayTelemetry>();
        app.MapGet("/metrics", async http =>
        {
            http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await http.Response.Body.WriteAsync(telemetry.PrometheusText(), http.RequestAborted);
        }).GuardedBy(EndpointGuard.Scraping);
    }
}
