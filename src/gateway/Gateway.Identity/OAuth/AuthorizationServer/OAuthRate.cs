namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>What is bounded by how often it is asked.</summary>
internal enum OAuthRate
{
    Authorize,
    Register,
    Token,
}
