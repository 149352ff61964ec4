using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>What a client asks an operator for, once it is known to be its own and where the answer goes.</summary>
/// <param name="Client">The client.</param>
/// <param name="RedirectUri">Where the answer goes.</param>
/// <param name="Parameters">All of the question.</param>
internal sealed record AuthorizeQuestion(OAuthClient Client, string RedirectUri, OAuthParameters Parameters)
{
    public string? State => Parameters["state"];

    public string Challenge => Parameters["code_challenge"]!;

    /// <summary>Of what is asked for, what there is; the rest is passed over.</summary>
    public string Scope => (Parameters["scope"] ?? "").Split(' ').Contains(ResourceMetadata.OfflineScope)
        ? $"{ResourceMetadata.Scope} {ResourceMetadata.OfflineScope}"
        : ResourceMetadata.Scope;

    /// <summary>
    /// What is wrong with it; null, and the server it names or all of them, where nothing is.
    /// </summary>
    public OAuthError? Check(GatewaySnapshot snapshot, out string? asked)
    {
        asked = null;
        if (Parameters["response_type"] is not "code")
            return new(400, "unsupported_response_type", "response_type is code.");
        if (Parameters["response_mode"] is not (null or "query"))
            return OAuthError.InvalidRequest("response_mode is query.");
        if (Parameters["request"] is not null || Parameters["request_uri"] is not null)
            return OAuthError.InvalidRequest("A request object is not read; send the parameters themselves.");
        if (Parameters["code_challenge"] is not { } challenge || !OAuthSecrets.IsChallenge(challenge)
            || Parameters["code_challenge_method"] is not "S256")
        {
            return OAuthError.InvalidRequest("PKCE is needed: code_challenge of 43 characters, method S256.");
        }

        if (Parameters.Resources > 1)
            return OAuthError.InvalidTarget("A token is for one resource; ask for one.");
        if (Parameters["resource"] is { } resource
            && (asked = ResourceNames.ServerOf(snapshot, resource)) is null)
        {
            return OAuthError.InvalidTarget("resource is no server of this gateway, and not all of them.");
        }

        return Parameters["prompt"]?.Split(' ').Contains("none") == true
            ? new(400, "interaction_required", "Only a person can allow this.")
            : null;
    }

    /// <summary>The redirect URI with an answer in it, always with the issuer (RFC 9207).</summary>
    public static string Answer(string redirectUri, string issuer, string? state, params (string, string)[] answer)
    {
        var query = string.Join('&', answer.Append(("state", state ?? "")).Append(("iss", issuer))
            .Where(static one => one.Item2.Length > 0)
            .Select(static one => $"{one.Item1}={Uri.EscapeDataString(one.Item2)}"));
        return redirectUri + (redirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }
}
