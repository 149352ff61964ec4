namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Why a client gets nothing.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">As the specifications name it.</param>
/// <param name="Text">For people.</param>
internal sealed record OAuthError(int Status, string Code, string Text)
{
    public static OAuthError InvalidRequest(string text) => new(400, "invalid_request", text);

    public static OAuthError InvalidClient(string text) => new(401, "invalid_client", text);

    public static OAuthError InvalidGrant(string text) => new(400, "invalid_grant", text);

    public static OAuthError InvalidTarget(string text) => new(400, "invalid_target", text);

    public static OAuthError Unavailable(string text) => new(503, "temporarily_unavailable", text);
}
