using Gateway.Admin;
using Gateway.Admin.Connections;
using Gateway.Admin.Console.Serving;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Control.ConfigFile;
using Gateway.Control.Health;
using Gateway.Hosting.Documentation;
using Gateway.Hosting.Draining;
using Gateway.Hosting.Extensions;
using Gateway.Policy.Schemas;
using Gateway.Proxy;
using Gateway.Proxy.Assertions;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Admin.Records;
using Gateway.Proxy.Registry;

namespace Gateway.Hosting.Composition;

/// <summary>Maps the gateway's endpoints.</summary>
public static class GatewayRoutes
{
    extension(WebApplication app)
    {
        /// <summary>
        /// Serves <c>/mcp/{server}</c>, <c>/livez</c>, <c>/readyz</c>, the schemas of documents and the operator's API.
        /// </summary>
        public void MapGateway()
        {
            app.UseForwardedAddresses();
            app.UseStrictFraming();
            app.UseHeaderBounds();
            app.Use(app.Services.GetRequiredService<Drain>().Announcing);
            foreach (var extension in app.Services.GetServices<ExtensionSetup>())
                extension.Use(app);
            app.UseRegistry();
            app.UseMcpEndpoint();
            app.UseCallerAssertionKeys();
            app.UseOAuth();
            app.UseCallerConnections();
            app.UseRouting();
            app.MapGet("/livez", static (HttpContext http) => PlainResponse.TextAsync(http, 200, "ok"))
                .GuardedBy(EndpointGuard.Everyone);
            var readiness = app.Services.GetRequiredService<Readiness>();
            var attention = app.Services.GetRequiredService<AttentionReport>();
            app.MapGet("/readyz", http => readiness.Unready is { } unready
                ? PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable, string.Join(
                    '\n', attention.Critical.Prepend($"not ready: {unready}")))
                : PlainResponse.TextAsync(http, StatusCodes.Status200OK, readiness.Problem is { } problem
                    ? $"ready, and denies what it cannot decide: {problem}"
                    : "ready"))
                .GuardedBy(EndpointGuard.Everyone);
            foreach (var schema in new[] { PublishedSchema.Policy, ConfigLoader.Schema })
            {
                app.MapGet($"/schemas/{schema.FileName}", http =>
                    PlainResponse.JsonAsync(http, StatusCodes.Status200OK, schema.Utf8))
                    .GuardedBy(EndpointGuard.Everyone);
            }

            app.MapDocumentation();
            app.MapConsole();
            app.MapAdminApi();
        }
    }
}
