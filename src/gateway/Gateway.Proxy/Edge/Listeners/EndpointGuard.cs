using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The check that a request passes before the handler of an endpoint runs. It belongs to the endpoint, not to a path:
/// routing ignores case, trailing slashes and percent-encoding, so a comparison of paths would miss some spellings that
/// lead to the same handler.
/// </summary>
/// <param name="refuse">Writes the refusal and returns its task, or returns null to let the request pass.</param>
public sealed class EndpointGuard(Func<HttpContext, Task?> refuse)
{
    /// <summary>Served on every listener of agents and operators, without a key.</summary>
    public static EndpointGuard Everyone { get; } = new(static _ => null);

    /// <summary>The handler authenticates the request itself.</summary>
    public static EndpointGuard InHandler { get; } = new(static _ => null);

    /// <summary>Served only on the operators' listener; elsewhere the endpoint does not exist.</summary>
    public static EndpointGuard Operators { get; } = new(RefuseElsewhere);

    /// <summary>
    /// Like <see cref="Operators"/>, for an endpoint that needs no key and returns data. It also checks Host and
    /// Origin, so that a browser page on the operator's machine cannot read it through its own host name (DNS
    /// rebinding).
    /// </summary>
    public static EndpointGuard Scraping { get; } = new(static http => RefuseElsewhere(http) ?? RefuseNames(http));

    /// <summary>Writes the refusal and returns its task, or returns null to let the request pass.</summary>
    internal Task? Refuse(HttpContext http) => refuse(http);

    private static Task? RefuseElsewhere(HttpContext http) =>
        http.RequestServices.GetRequiredService<AdminListener>().Serves(http)
            ? null
            : PlainResponse.TextAsync(http, StatusCodes.Status404NotFound, "There is nothing here.");

    private static Task? RefuseNames(HttpContext http)
    {
        // A silo has no configuration of its own.
        var snapshots = http.RequestServices.GetService<SnapshotHolder>();
        var rules = (snapshots?.Current ?? GatewaySnapshot.Empty).Edge;
        if (!rules.AllowsScraping(http.Request.Host, http.Connection.LocalIpAddress))
        {
            return PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                "The Host header names a host that this gateway does not serve. Add the host to \"allowedHosts\", or "
                + "use an IP address, which is always accepted here.");
        }

        foreach (var origin in http.Request.Headers.Origin)
        {
            if (origin is null || !rules.AllowsOrigin(origin))
            {
                return PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                    "The Origin header names a site that may not read this. To allow the site, add it to "
                        + "\"allowedOrigins\".");
            }
        }

        return null;
    }
}
