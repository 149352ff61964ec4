using Gateway.Admin;
using Gateway.Control.Health;
using Gateway.Hosting.Draining;
using Gateway.Identity.Listeners;
using Gateway.Policy;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Hosting.Composition;

/// <summary>Maps the gateway's endpoints.</summary>
public static class GatewayRoutes
{
    extension(WebApplication app)
    {
        /// <summary>
        /// Serves <c>/mcp/{server}</c>, <c>/livez</c>, <c>/readyz</c>, the policy's schema and the operator's API.
        /// </summary>
        public void MapGateway()
        {
            app.UseStrictFraming();
            app.Use(app.Services.GetRequiredService<Drain>().Telling);
            // Before routing, which would cost a call one to two microseconds and look at nothing but this one path.
            var endpoint = app.Services.GetRequiredService<McpEndpoint>();
            app.Use(next => http =>
                McpPath.TryRead(http.Request.Path, out var server) ? endpoint.HandleAsync(http, server) : next(http));
            app.UseRouting();
            app.MapGet("/livez", static (HttpContext http) => PlainResponse.TextAsync(http, 200, "ok"));
            var readiness = app.Services.GetRequiredService<Readiness>();
            app.MapGet("/readyz", http => readiness.Problem is { } problem
                ? PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable, $"not ready: {problem}")
                : PlainResponse.TextAsync(http, StatusCodes.Status200OK, "ready"));
            app.MapGet($"/schemas/{PolicySchema.FileName}", static http =>
                PlainResponse.JsonAsync(http, StatusCodes.Status200OK, PolicySchema.Utf8));
            AdminApi.Map(app);
            // Nobody asks these for anything: they only have to be there.
            _ = app.Services.GetRequiredService<HealthMetrics>();
            _ = app.Services.GetRequiredService<EngineMetrics>();
        }
    }
}
