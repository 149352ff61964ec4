using System.Net;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Guessing;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin;

/// <summary>
/// The checks of every request to the admin API: the operators' listener, Host, Origin, a key or a session, and a role
/// that allows it. A grant's token is never accepted.
/// </summary>
internal sealed class AdminAuthenticator(
    AdminListener edge, SnapshotUpdater control, CallerKeys keys, CallerSessions sessions, KeyGuesses guesses,
    SignInRecord record, AdminMetrics metrics)
{
    /// <summary>Returns the caller, or the refusal; null for both if the route needs no caller.</summary>
    public async ValueTask<(AdminCaller? Caller, AdminResponse? Refused)> AdmitAsync(
        HttpContext http, RouteAccess required)
    {
        if (RefuseUnkeyed(http) is { } refused)
            return (null, refused);
        if (required.Permission == Permissions.None)
            return (null, null);
        // Browsers send a cookie whichever page made the request, while a key is sent on purpose only.
        if (http.Request.Headers.Authorization.Count == 0)
        {
            var (signedIn, problem) = await sessions.FindAsync(http);
            if (problem == CallerProblem.Forged)
                return (null, Forged);
            if (problem == CallerProblem.NotTheProxy)
                return (null, NotTheProxy(http));
            if (signedIn is not null)
                return (signedIn, RefuseRole(http, required, signedIn));
        }

        return AdmitKey(http, required);
    }

    /// <summary>
    /// Returns the caller, or the refusal, for a route that accepts keys only: a browser would send a cookie or a
    /// proxy's header for any page.
    /// </summary>
    public (AdminCaller? Caller, AdminResponse? Refused) AdmitKeyOnly(HttpContext http, RouteAccess required) =>
        RefuseUnkeyed(http) is { } refused ? (null, refused) : AdmitKey(http, required);

    private (AdminCaller? Caller, AdminResponse? Refused) AdmitKey(HttpContext http, RouteAccess required) =>
        RefuseUnknown(http, out var caller) is { } unknown
            ? (null, unknown)
            : (caller, RefuseRole(http, required, caller!));

    /// <summary>Returns the refusal of the checks that precede the key: listener, host and origin.</summary>
    public AdminResponse? RefuseUnkeyed(HttpContext http)
    {
        var state = control.State;
        if (!edge.Serves(http))
            return Problems.Of(StatusCodes.Status404NotFound, "Not found", "There is nothing here.");
        if (!state.Config.Edge.AllowsHost(http.Request.Host, http.Connection.LocalIpAddress))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Host not allowed",
                "The Host header names a host that this gateway does not serve. To serve the host, add it to "
                    + "\"allowedHosts\".");
        }

        foreach (var origin in http.Request.Headers.Origin)
        {
            if (origin is null || (!state.Config.Edge.AllowsOrigin(origin) && !IsOurs(http.Request, origin)))
            {
                return Problems.Of(StatusCodes.Status403Forbidden, "Origin not allowed",
                    "The Origin header names a site that may not call this API. To allow the site, add it to "
                        + "\"allowedOrigins\".");
            }
        }

        return null;
    }

    /// <summary>Returns true if the gateway's own pages have that origin. The host has already been checked.</summary>
    private static bool IsOurs(HttpRequest request, string origin) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private AdminResponse? RefuseUnknown(HttpContext http, out AdminCaller? caller)
    {
        caller = null;
        if (http.Request.Headers.Authorization.Count == 0)
            return Unauthorized(http, "no_key");
        caller = keys.Find(http.Request);
        var held = guesses.Try(http.Connection.RemoteIpAddress ?? IPAddress.None, caller is not null);
        return held > TimeSpan.Zero ? Held(http, held) : caller is null ? Unauthorized(http, "wrong_key") : null;
    }

    /// <summary>Returns the refusal if the caller's roles do not allow what the route requires.</summary>
    public static AdminResponse? RefuseRole(HttpContext http, RouteAccess required, AdminCaller caller)
    {
        var isAllowed = required.Scope switch
        {
            RoleScope.NamedServer => caller.Roles.Allows(required.Permission, (string?)http.GetRouteValue("name")),
            RoleScope.EachServer => caller.Roles.AllowsSomewhere(required.Permission)
                || (caller.IsDelegate && IsOfApprovals(required.Permission)),
            RoleScope.Gateway => caller.Roles.Allows(required.Permission, server: null),
            _ => throw new NotSupportedException($"RoleScope {required.Scope} has no case here."),
        };
        if (isAllowed)
            return null;
        var roles = Role.Names.Where(name => Role.Of(name).HasFlag(required.Permission));
        return Problems.Of(StatusCodes.Status403Forbidden, "Not allowed",
            $"{caller.Name} may not do this here: it requires the role {string.Join(" or ", roles)}. "
            + $"Roles of {caller.Name}: {(caller.Roles.IsEmpty ? "none" : string.Join(", ", caller.Roles.Texts))}. "
            + "Ask an administrator.");
    }

    // A delegate decides on requests of the absent person's servers, and must see them. The routes check the server.
    private static bool IsOfApprovals(Permissions permission) =>
        permission is Permissions.AnswerApprovals or Permissions.ReadApprovals;

    private static AdminResponse Forged => Problems.Of(StatusCodes.Status400BadRequest, "Not from the console",
        "A request that uses a session cookie to change something must also send the antiforgery cookie and the "
            + $"header {SessionAntiforgery.Header}. Get the header's value from \"csrf\" in the response to GET "
            + $"{AdminRoute.Root}/session.");

    private AdminResponse NotTheProxy(HttpContext http)
    {
        metrics.Refused("not_the_proxy");
        record.KeyRefused(http);
        return Problems.Of(StatusCodes.Status401Unauthorized, "Not from the proxy",
            "The request names an operator in the header that admin.proxy defines, but did not come from that proxy, "
            + "or the operator is unknown or disabled. The proxy must send that header and its secret exactly once "
            + "each, over TLS or from loopback.");
    }

    private AdminResponse Held(HttpContext http, TimeSpan held)
    {
        metrics.Refused("held");
        return Problems.TooMany(http, held, "Too many wrong keys",
            static seconds => "Several wrong admin keys came from your address, so keys from there are not checked for "
                + $"{seconds} s. Wait, or use another address.");
    }

    private AdminResponse Unauthorized(HttpContext http, string reason)
    {
        metrics.Refused(reason);
        record.KeyRefused(http);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "Not authorized",
            "Send your key as \"Authorization: Bearer <key>\", or the administrator's key: admin.key in the "
            + "configuration file, or the one that the gateway printed at its first start. A key stops working when "
            + "it expires or its account is disabled. A grant's token is not accepted here.");
    }
}
