namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The reason why a client's request fails.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The error code of the specifications.</param>
/// <param name="Text">The description for people.</param>
internal sealed record OAuthError(int Status, string Code, string Text)
{
    public static OAuthError InvalidRequest(string text) => new(400, "invalid_request", text);

    public static OAuthError InvalidClient(string text) => new(401, "invalid_client", text);

    public static OAuthError InvalidGrant(string text) => new(400, "invalid_grant", text);

    public static OAuthError InvalidTarget(string text) => new(400, "invalid_target", text);

    public static OAuthError Unavailable(string text) => new(503, "temporarily_unavailable", text);
}
