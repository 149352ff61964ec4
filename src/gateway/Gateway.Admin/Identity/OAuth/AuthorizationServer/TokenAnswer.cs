namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The tokens of a token response.</summary>
internal sealed record TokenAnswer(string Access, string Refresh, long ExpiresIn, string Scope);
