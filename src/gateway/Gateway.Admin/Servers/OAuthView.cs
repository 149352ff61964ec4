using Gateway.Control.Definitions;

namespace Gateway.Admin.Servers;

/// <summary>The gateway's account for a server's access tokens, without its secret.</summary>
/// <param name="ClientId">The client's id.</param>
/// <param name="Issuer">The only authorization server that gets the secret; absent: whichever the server names.</param>
/// <param name="Scope">What is asked for; absent: what the server says.</param>
/// <param name="LastError">Why this gateway has no token; absent where it has one, or needed none yet.</param>
internal sealed record OAuthView(string ClientId, string? Issuer, string? Scope, string? LastError)
{
    public static OAuthView? Of(OAuthClientOptions? client, string? lastError = null) =>
        client is null ? null : new OAuthView(client.ClientId, client.Issuer, client.Scope, lastError);
}
