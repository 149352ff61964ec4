using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Grants;
using Gateway.Proxy.Edge.Proofs;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The checks for every request under <c>/mcp</c> before its body is read: Host, Origin, and a known grant.
/// </summary>
public static class AgentAccess
{
    /// <summary>Returns the grant, which may be paused, or null after writing a refusal.</summary>
    public static async ValueTask<GrantModel?> AdmitAsync(HttpContext http, GatewaySnapshot snapshot, string server)
    {
        var request = http.Request;
        if (!snapshot.AllowsHost(request.Host, http.Connection.LocalIpAddress))
        {
            if (!await NoGrant.TryHoldAsync(http))
                return null;
            await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                "The Host header names a host that this gateway does not serve. To serve the host, add it to "
                    + "\"allowedHosts\".");
            return null;
        }

        if (request.Headers.Origin is { Count: > 0 } origins && !AllAllowed(origins, snapshot.Edge))
        {
            if (!await NoGrant.TryHoldAsync(http))
                return null;
            await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                "The Origin header names a site that may not call this gateway. To allow the site, add it to "
                    + "\"allowedOrigins\".");
            return null;
        }

        if (BearerToken.Misplaced(request, snapshot) is { } misplaced)
        {
            if (await NoGrant.TryHoldAsync(http))
            {
                http.RequestServices.GetRequiredService<AuthenticationFailureLog>().TokenRefused(http, misplaced);
                await PlainResponse.TextAsync(http, StatusCodes.Status400BadRequest, misplaced);
            }

            return null;
        }

        var admission = await BearerToken.AuthenticateAsync(http, snapshot, server);
        var grant = admission.Grant;
        if (grant is not null && await WhyNotProvenAsync(http, snapshot, server, grant) is { } unproven)
        {
            if (await NoGrant.TryHoldAsync(http))
                await RefuseProofAsync(http, snapshot, server, unproven);
            return null;
        }

        if (grant is null)
        {
            if (await NoGrant.TryHoldAsync(http))
                await RefuseAsync(http, snapshot, server, admission);
        }

        return grant;
    }

    /// <summary>Returns the reason why the request is refused for its proof; null if it is not.</summary>
    private static async ValueTask<ProofRefusal?> WhyNotProvenAsync(
        HttpContext http, GatewaySnapshot snapshot, string server, GrantModel grant)
    {
        if (grant is { ProofKey: null, Proofs: ProofRules.None } && !AgentChallenge.IsProven(http.Request))
            return null;
        try
        {
            return await http.RequestServices.GetRequiredService<ProofCheck>().WhyNotAsync(
                http, snapshot, server, grant);
        }
        catch (ControlStoreException e)
        {
            // A proof that may have been used before is not accepted.
            return new ProofRefusal("", $"the proof cannot be checked: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Responds to a request without the proof that its token needs (RFC 9449, 7.1).</summary>
    public static Task RefuseProofAsync(
        HttpContext http, GatewaySnapshot snapshot, string server, ProofRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        if (refusal.Error.Length == 0)
            return RefuseAsync(http, snapshot, server, new(null, refusal.Why, StatusCodes.Status503ServiceUnavailable));
        http.RequestServices.GetRequiredService<AuthenticationFailureLog>().TokenRefused(http, refusal.Why);
        http.Response.Headers.WWWAuthenticate = AgentChallenge.OfProof(snapshot, http.Request, server, refusal.Error);
        return PlainResponse.TextAsync(http, StatusCodes.Status401Unauthorized, $"Not authorized: {refusal.Why}.");
    }

    /// <summary>Responds with 401 and the challenge to send a bearer token (RFC 6750, 3).</summary>
    public static Task UnauthorizedAsync(HttpContext http, GatewaySnapshot snapshot, string server, string why)
    {
        http.RequestServices.GetRequiredService<AuthenticationFailureLog>().TokenRefused(http, why);
        http.Response.Headers.WWWAuthenticate = AgentChallenge.Of(snapshot, http.Request, server);
        return PlainResponse.TextAsync(http, StatusCodes.Status401Unauthorized, $"Not authorized: {why}.");
    }

    private static Task RefuseAsync(
        HttpContext http, GatewaySnapshot snapshot, string server, in Admission admission)
    {
        if (admission.Status == StatusCodes.Status401Unauthorized)
            return UnauthorizedAsync(http, snapshot, server, admission.Why);
        http.RequestServices.GetRequiredService<AuthenticationFailureLog>()
            .TokenRefused(http, admission.Detail ?? admission.Why);
        if (admission.Status != StatusCodes.Status503ServiceUnavailable)
            return PlainResponse.TextAsync(http, admission.Status, $"Not authorized: {admission.Why}.");
        http.Response.Headers.RetryAfter = "1";
        return PlainResponse.TextAsync(http, admission.Status, $"Unavailable: {admission.Why}. Try again in 1 s.");
    }

    private static bool AllAllowed(Microsoft.Extensions.Primitives.StringValues origins, EdgeRules edge)
    {
        foreach (var origin in origins)
        {
            if (origin is null || !edge.AllowsOrigin(origin))
                return false;
        }

        return true;
    }
}
