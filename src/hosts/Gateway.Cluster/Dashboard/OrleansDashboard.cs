using System.Collections.Frozen;
using Gateway.Admin;
using Orleans.Dashboard;

namespace Gateway.Cluster.Dashboard;

/// <summary>
/// The Orleans dashboard for operators with full read access. It serves only the routes listed here, so a route that a
/// later version adds stays closed until it has been reviewed.
/// </summary>
internal static class OrleansDashboard
{
    private const string Root = "/orleans";

    // Scripts and styles come from this host. Styles are also set on elements, and icons are embedded in the CSS.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; "
        + "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Pages and statistics of the cluster. Three routes are excluded: GrainState, which activates any grain that the
    /// query names, Trace, which streams the log, and LifecycleStages, which calls the management grain.
    /// </summary>
    private static readonly FrozenSet<string> Served = FrozenSet.Create(
        StringComparer.Ordinal,
        $"{Root}/", $"{Root}/index.html", $"{Root}/favicon.ico", $"{Root}/index.min.js", $"{Root}/index.css",
        $"{Root}/fonts/{{**path}}", $"{Root}/img/{{**path}}", $"{Root}/version", $"{Root}/DashboardCounters",
        $"{Root}/ClusterStats", $"{Root}/GrainStats/{{*grainName}}", $"{Root}/TopGrainMethods", $"{Root}/GrainTypes",
        $"{Root}/Reminders", $"{Root}/Reminders/{{page:int}}");

    /// <summary>Statistics of the silo whose address is the last part of the path.</summary>
    private static readonly FrozenSet<string> ServedBySilo = FrozenSet.Create(
        StringComparer.Ordinal,
        $"{Root}/HistoricalStats/{{*path}}", $"{Root}/SiloProperties/{{*address}}",
        $"{Root}/SiloMetadata/{{*address}}", $"{Root}/SiloStats/{{*address}}", $"{Root}/SiloCounters/{{*address}}");

    /// <summary>The silo methods behind these routes, for <c>AddClientBoundary</c>; each of them only reads.</summary>
    public static IEnumerable<string> Reads { get; } =
    [
        "Orleans.Dashboard.Core.IDashboardGrain.GetCounters",
        "Orleans.Dashboard.Core.IDashboardGrain.GetGrainTracing",
        "Orleans.Dashboard.Core.IDashboardGrain.GetClusterTracing",
        "Orleans.Dashboard.Core.IDashboardGrain.GetSiloTracing",
        "Orleans.Dashboard.Core.IDashboardGrain.TopGrainMethods",
        "Orleans.Dashboard.Core.IDashboardGrain.GetGrainTypes",
        "Orleans.Dashboard.Core.ISiloGrainProxy.GetMetadata",
        "Orleans.Dashboard.Core.ISiloGrainService.GetExtendedProperties",
        "Orleans.Dashboard.Core.ISiloGrainService.GetRuntimeStatistics",
        "Orleans.Dashboard.Core.ISiloGrainService.GetCounters",
    ];

    /// <summary>Lets a silo collect the statistics.</summary>
    public static void AddTo(ISiloBuilder silo) => silo.AddDashboard(static options => options.HideTrace = true);

    /// <summary>Lets a frontend read the statistics from the silos.</summary>
    public static void AddTo(IClientBuilder client) => client.AddDashboard(static options => options.HideTrace = true);

    /// <summary>Maps the routes on the operators' listener.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        IEndpointConventionBuilder endpoints = routes.MapOrleansDashboard(Root);
        endpoints.Add(static builder =>
        {
            var pattern = (builder as RouteEndpointBuilder)?.RoutePattern.RawText ?? "";
            var handler = builder.RequestDelegate!;
            if (ServedBySilo.Contains(pattern)) handler = OfSilo(handler);
            else if (!Served.Contains(pattern)) handler = NothingAsync;
            builder.RequestDelegate = http =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                http.Response.Headers.XContentTypeOptions = "nosniff";
                http.Response.Headers["Referrer-Policy"] = "no-referrer";
                http.Response.Headers.CacheControl = "no-store";
                return handler(http);
            };
        });
        endpoints.ForReaders();
    }

    /// <summary>Returns the handler for silo addresses; a silo that has ended does not respond.</summary>
    private static RequestDelegate OfSilo(RequestDelegate handler) => async http =>
    {
        var address = http.GetRouteValue("address") ?? http.GetRouteValue("path");
        if (!SiloAddress.TryParse(address as string, out _))
        {
            await NothingAsync(http);
            return;
        }

        try
        {
            await handler(http);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    };

    private static Task NothingAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
