namespace Gateway.Control.Definitions;

/// <summary>
/// The gateway's own account at a server's authorization server (OAuth 2.1, <c>client_credentials</c>).
/// </summary>
/// <param name="ClientId">The client's id.</param>
/// <param name="ClientSecret">Its secret, which is sent to the token endpoint only.</param>
/// <param name="Scope">What is asked for; null: what the server says that it needs.</param>
/// <param name="Issuer">
/// The only authorization server that ever gets the secret; null: the one that the server itself names, so that the
/// server decides who gets it.
/// </param>
public sealed record OAuthClientOptions(string ClientId, string ClientSecret, string? Scope, string? Issuer)
{
    // The compiler's own would show the secret to whatever prints it.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("ClientId = ").Append(ClientId);
        return true;
    }
}
