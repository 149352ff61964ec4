using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// A client's authorization request, once the client and the redirect URI are known to belong together.
/// </summary>
/// <param name="Client">The client that requests access.</param>
/// <param name="RedirectUri">The destination of the response.</param>
/// <param name="Parameters">All parameters of the request.</param>
internal sealed record AuthorizeQuestion(OAuthClient Client, string RedirectUri, OAuthParameters Parameters)
{
    public string? State => Parameters["state"];

    public string Challenge => Parameters["code_challenge"]!;

    /// <summary>The requested scopes that exist; others are ignored.</summary>
    public string Scope => (Parameters["scope"] ?? "").Split(' ').Contains(ResourceMetadata.OfflineScope)
        ? $"{ResourceMetadata.Scope} {ResourceMetadata.OfflineScope}"
        : ResourceMetadata.Scope;

    /// <summary>
    /// Returns the first error of the request; null if it is valid. <paramref name="asked"/> is the server that it
    /// names, or all of them.
    /// </summary>
    public OAuthError? Check(GatewaySnapshot snapshot, out string? asked)
    {
        asked = null;
        if (Parameters["response_type"] is not "code")
            return new(400, "unsupported_response_type", "response_type must be code.");
        if (Parameters["response_mode"] is not (null or "query"))
            return OAuthError.InvalidRequest("response_mode must be query.");
        if (Parameters["request"] is not null || Parameters["request_uri"] is not null)
            return OAuthError.InvalidRequest("Request objects are not supported; send the parameters themselves.");
        if (Parameters["code_challenge"] is not { } challenge || !OAuthSecrets.IsChallenge(challenge)
            || Parameters["code_challenge_method"] is not "S256")
        {
            return OAuthError.InvalidRequest("PKCE is required: code_challenge of 43 characters, method S256.");
        }

        if (Parameters.Resources > 1)
            return OAuthError.InvalidTarget("A token is valid for one resource, so send only one resource parameter.");
        if (Parameters["resource"] is { } resource
            && (asked = ResourceNames.ServerOf(snapshot, resource)) is null)
        {
            return OAuthError.InvalidTarget("resource must be the address of one server of this gateway, or that of "
                + "all its servers.");
        }

        return Parameters["prompt"]?.Split(' ').Contains("none") == true
            ? new(400, "interaction_required", "prompt must not be none: a person has to allow the client.")
            : null;
    }

    /// <summary>Returns the redirect URI with a response in it, always with the issuer (RFC 9207).</summary>
    public static string Answer(string redirectUri, string issuer, string? state, params (string, string)[] answer)
    {
        var query = string.Join('&', answer.Append(("state", state ?? "")).Append(("iss", issuer))
            .Where(static one => one.Item2.Length > 0)
            .Select(static one => $"{one.Item1}={Uri.EscapeDataString(one.Item2)}"));
        return redirectUri + (redirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }
}
