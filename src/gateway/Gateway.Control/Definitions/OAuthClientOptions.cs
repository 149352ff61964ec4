using Gateway.Control.Contracts;

namespace Gateway.Control.Definitions;

/// <summary>
/// The gateway's own account at a server's authorization server (OAuth 2.1, <c>client_credentials</c>).
/// </summary>
/// <param name="ClientId">The client's id; empty if the gateway registers itself for callers.</param>
/// <param name="ClientSecret">
/// The client's secret, which is sent to the token endpoint only; empty for a public client, or one with a key.
/// </param>
/// <param name="Scope">The scopes to request; null to request those that the server says it needs.</param>
/// <param name="Issuer">
/// The only authorization server that ever receives the secret; null for the one that the server names, which lets the
/// server decide who receives it.
/// </param>
public sealed record OAuthClientOptions(string ClientId, string ClientSecret, string? Scope, string? Issuer)
{
    /// <summary>
    /// The way in which tokens of callers are exchanged, as the configuration names it; null if calls carry the
    /// account's own token.
    /// </summary>
    public string? Exchange { get; init; }

    /// <summary>The private key with which the client identifies itself; null if it has a secret or nothing.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>True if the client has neither a secret nor a key.</summary>
    public bool IsPublic => ClientSecret.Length == 0 && Key is null;

    /// <summary>The audience of exchanged tokens; null for the server's address, as <c>resource</c>.</summary>
    public string? Audience { get; init; }

    /// <summary>Returns the account without its secret.</summary>
    public ServerAccountSpec ToSpec() => new()
    {
        ClientId = ClientId.Length == 0 ? null : ClientId,
        Scope = Scope,
        Issuer = Issuer,
        Exchange = Exchange,
        Audience = Audience,
        KeyId = Key?.Id,
        Algorithm = Key?.Algorithm,
        AssertionAudience = Key?.IsForEndpoint == true ? ServerAccountSpec.TokenEndpoint : null,
    };

    // The generated method would print the secret.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("ClientId = ").Append(ClientId);
        return true;
    }
}
