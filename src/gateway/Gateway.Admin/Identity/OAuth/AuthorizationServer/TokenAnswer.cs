namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The tokens of a token response.</summary>
/// <param name="Access">The access token.</param>
/// <param name="Refresh">The refresh token; null if the client uses its credentials again.</param>
/// <param name="ExpiresIn">The lifetime of the access token in seconds.</param>
/// <param name="Scope">The granted scope.</param>
internal sealed record TokenAnswer(string Access, string? Refresh, long ExpiresIn, string Scope);
