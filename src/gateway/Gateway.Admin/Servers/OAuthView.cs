using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Admin.Servers;

/// <summary>The gateway's account for a server's access tokens, without its secret.</summary>
internal sealed record OAuthView : ServerAccountSpec
{
    /// <summary>Why this gateway has no token; absent where it has one, or needed none yet.</summary>
    public string? LastError { get; init; }

    public static OAuthView? Of(OAuthClientOptions? client, string? lastError = null) => client is null ? null
        : new() { ClientId = client.ClientId, Issuer = client.Issuer, Scope = client.Scope, LastError = lastError };
}
