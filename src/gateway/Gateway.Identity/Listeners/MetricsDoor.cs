using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Identity.Listeners;

/// <summary>
/// What a request for <c>/metrics</c> must pass: the operator's address, Host, Origin. It needs no key, so a page in a
/// browser on the operator's machine must not reach it through a name of its own.
/// </summary>
public static class MetricsDoor
{
    private static readonly PathString Path = new("/metrics");

    /// <summary>To be added before what answers <c>/metrics</c>.</summary>
    public static void UseMetricsDoor(this IApplicationBuilder app)
    {
        var edge = app.ApplicationServices.GetRequiredService<AdminListener>();
        // A silo has no configuration of its own.
        var snapshots = app.ApplicationServices.GetService<SnapshotHolder>();
        app.Use(next => http => http.Request.Path == Path
            ? EnterAsync(http, edge, (snapshots?.Current ?? GatewaySnapshot.Empty).Edge, next)
            : next(http));
    }

    private static Task EnterAsync(HttpContext http, AdminListener edge, EdgeRules rules, RequestDelegate next)
    {
        if (!edge.Serves(http))
            return PlainResponse.TextAsync(http, StatusCodes.Status404NotFound, "There is nothing here.");
        if (!rules.AllowsScraping(http.Request.Host, http.Connection.LocalIpAddress))
        {
            return PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                "The Host header names a host that this gateway does not serve; \"allowedHosts\" could list it, and an "
                + "IP address always passes here.");
        }

        foreach (var origin in http.Request.Headers.Origin)
        {
            if (origin is null || !rules.AllowsOrigin(origin))
            {
                return PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                    "The Origin header names a site that may not read this; \"allowedOrigins\" could list it.");
            }
        }

        return next(http);
    }
}
