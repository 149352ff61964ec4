using System.Diagnostics.CodeAnalysis;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Grants;

/// <summary>
/// The lookup of a request's grant by the SHA-256 of its bearer token (RFC 6750, 2.1: the header only).
/// </summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// Returns the grant of the token, which is its own token or an access token from a sign-in; otherwise the reason.
    /// </summary>
    public static ValueTask<(GrantModel? Grant, string Why)> AuthenticateAsync(
        HttpContext http, GatewaySnapshot snapshot)
    {
        var isOwn = TryAuthenticate(http.Request, snapshot, out var grant, out var access, out var why);
        return isOwn || access is null || snapshot.OAuth is null
            ? new((grant, why))
            : FindAccessAsync(http, access.Value, why);
    }

    private static async ValueTask<(GrantModel? Grant, string Why)> FindAccessAsync(
        HttpContext http, TokenHash access, string why)
    {
        var services = http.RequestServices;
        var found = await services.GetRequiredService<AccessTokenDirectory>().FindAsync(
            access, services.GetRequiredService<ProcessClock>().NowMs(), http.RequestAborted);
        return (found, why);
    }

    private static bool TryAuthenticate(
        HttpRequest request, GatewaySnapshot snapshot, [NotNullWhen(true)] out GrantModel? grant,
        out TokenHash? access, out string why)
    {
        (grant, access, why) = (null, null, "");
        var header = request.Headers.Authorization;
        if (header.Count == 0)
            why = "send the grant's token as \"Authorization: Bearer <token>\"";
        else if (header.Count > 1)
            why = "send one Authorization header, not several";
        else if (header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            why = "the Authorization header must be \"Bearer <token>\"";
        else if (!Find(request.HttpContext, text, snapshot, out grant, out access))
            why = "the token belongs to no grant of this gateway, or the grant was revoked";
        return grant is not null;
    }

    private static bool Find(
        HttpContext http, string header, GatewaySnapshot snapshot, out GrantModel? grant, out TokenHash? access)
    {
        var hash = http.Features.Get<ConnectionToken>()?.Of(header, Scheme.Length)
            ?? ConnectionToken.Hash(header, Scheme.Length);
        access = header.AsSpan(Scheme.Length).TrimStart(' ').StartsWith(AccessTokenDirectory.Prefix) ? hash : null;
        return snapshot.Grants.TryGetValue(hash, out grant);
    }
}
