namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>What a client is given, once.</summary>
internal sealed record TokenAnswer(string Access, string Refresh, long ExpiresIn, string Scope);
