using Gateway.Policy;
using Gateway.Proxy.Admin;
using Gateway.Proxy.Edge;
using Gateway.Proxy.Health;
using Gateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy;

/// <summary>Maps the gateway's endpoints.</summary>
public static class GatewayRoutes
{
    extension(IEndpointRouteBuilder routes)
    {
        /// <summary>
        /// Maps <c>/mcp/{server}</c>, <c>/livez</c>, <c>/readyz</c>, the policy's schema and the operator's API.
        /// </summary>
        public void MapGateway()
        {
            var endpoint = routes.ServiceProvider.GetRequiredService<McpEndpoint>();
            routes.Map("/mcp/{server}", endpoint.HandleAsync);
            routes.MapGet("/livez", static (HttpContext http) => PlainAnswer.TextAsync(http, 200, "ok"));
            var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
            routes.MapGet("/readyz", http => readiness.Problem is { } problem
                ? PlainAnswer.TextAsync(http, StatusCodes.Status503ServiceUnavailable, $"not ready: {problem}")
                : PlainAnswer.TextAsync(http, StatusCodes.Status200OK, "ready"));
            routes.MapGet($"/schemas/{PolicySchema.FileName}", static http =>
                PlainAnswer.JsonAsync(http, StatusCodes.Status200OK, PolicySchema.Utf8));
            AdminApi.Map(routes);
            // Nobody asks these for anything: they only have to be there.
            _ = routes.ServiceProvider.GetRequiredService<HealthMetrics>();
            _ = routes.ServiceProvider.GetRequiredService<EngineMetrics>();
        }
    }
}
