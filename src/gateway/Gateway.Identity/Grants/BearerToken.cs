using System.Diagnostics.CodeAnalysis;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity.Grants;

/// <summary>Finds the grant of a request by the SHA-256 of its bearer token (RFC 6750, 2.1: the header only).</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    public static bool TryAuthenticate(
        HttpRequest request, GatewaySnapshot snapshot, [NotNullWhen(true)] out GrantModel? grant, out string why)
    {
        (grant, why) = (null, "");
        var header = request.Headers.Authorization;
        if (header.Count == 0)
            why = "send the grant's token as \"Authorization: Bearer <token>\"";
        else if (header.Count > 1)
            why = "send one Authorization header, not several";
        else if (header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            why = "the Authorization header must be \"Bearer <token>\"";
        else if (!snapshot.Grants.TryGetValue(TokenHash.Of(text.AsSpan(Scheme.Length).Trim(' ')), out grant))
            why = "the token belongs to no grant of this gateway, or the grant was revoked";
        return grant is not null;
    }
}
