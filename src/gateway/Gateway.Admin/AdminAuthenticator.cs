using System.Globalization;
using System.Net;
using Gateway.Admin.Answers;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Identity.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin;

/// <summary>
/// What every request to the admin API must pass: the operator's address, Host, Origin, the admin key. There are no
/// cookies, so a page in a browser has nothing to borrow; a grant's token is another thing and never opens this door.
/// </summary>
internal sealed class AdminAuthenticator(
    AdminListener edge, SnapshotUpdater control, KeyGuesses guesses, DoorLog log, AdminMetrics metrics)
{
    private const string Scheme = "Bearer ";

    /// <summary>Null where it may come in.</summary>
    public AdminResponse? Refuse(HttpContext http) =>
        RefuseUnkeyed(http) ?? RefuseKey(http);

    /// <summary>The door without the key.</summary>
    public AdminResponse? RefuseUnkeyed(HttpContext http)
    {
        var state = control.State;
        if (!edge.Serves(http))
            return Problems.Of(StatusCodes.Status404NotFound, "Not found", "There is nothing here.");
        if (!state.Config.Edge.AllowsHost(http.Request.Host, http.Connection.LocalIpAddress))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Host not allowed",
                "The Host header names a host that this gateway does not serve; \"allowedHosts\" could list it.");
        }

        foreach (var origin in http.Request.Headers.Origin)
        {
            if (origin is null || !state.Config.Edge.AllowsOrigin(origin))
            {
                return Problems.Of(StatusCodes.Status403Forbidden, "Origin not allowed",
                    "The Origin header names a site that may not call this API; \"allowedOrigins\" could list it.");
            }
        }

        return null;
    }

    private AdminResponse? RefuseKey(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count == 0)
            return Unauthorized(http, "no_key");
        var isRight = HasKey(http.Request, control.State.AdminKey);
        var held = guesses.Try(http.Connection.RemoteIpAddress ?? IPAddress.None, isRight);
        return held > TimeSpan.Zero ? Held(http, held) : isRight ? null : Unauthorized(http, "wrong_key");
    }

    private static bool HasKey(HttpRequest request, TokenHash? expected)
    {
        // Hashes are compared, so what an attacker can time says nothing about the key.
        var header = request.Headers.Authorization;
        return expected is { } hash
            && header is [{ } text]
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && TokenHash.Of(text.AsSpan(Scheme.Length).Trim(' ')) == hash;
    }

    private AdminResponse Held(HttpContext http, TimeSpan held)
    {
        metrics.Refused("held");
        var seconds = ((long)Math.Ceiling(held.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = seconds;
        return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many wrong keys",
            $"Several wrong admin keys came from your address, so no key from there is looked at for {seconds} s. "
            + "Wait, or ask from another address.");
    }

    private AdminResponse Unauthorized(HttpContext http, string reason)
    {
        metrics.Refused(reason);
        log.KeyRefused(http);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(StatusCodes.Status401Unauthorized, "Not authorized",
            "Send the admin key as \"Authorization: Bearer <key>\". It is admin.key of the configuration file, or else "
            + "the one that the gateway printed when it first started. A grant's token is no admin key.");
    }
}
