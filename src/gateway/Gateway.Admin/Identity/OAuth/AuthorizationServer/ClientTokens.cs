using System.Buffers;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The issuer of access tokens that contain their caller, to clients without an operator's consent.</summary>
internal sealed class ClientTokens(TokenSealer sealer, IssuerTokens tokens, OAuthStore store)
{
    /// <summary>Issues a token to a client for itself (RFC 6749, 4.4).</summary>
    public (TokenAnswer? Tokens, OAuthError? Error) ForClient(
        GatewaySnapshot snapshot, OAuthParameters form, OAuthClient client)
    {
        var oauth = snapshot.OAuth!;
        if (oauth.Clients.GetValueOrDefault(client.Id) is not { Grant: not null } configured)
        {
            return (null, new OAuthError(400, "unauthorized_client",
                "The client has no grant in the gateway's configuration; use authorization_code."));
        }

        if (form.Resources != 1 || form["resource"] is not { } resource
            || ResourceNames.ServerOf(snapshot, resource) is not { } server)
        {
            return (null, OAuthError.InvalidTarget("resource must be one server of this gateway, or all of them."));
        }

        var content = new SealedCaller(ClaimsOf(oauth.Issuer, client.Id), server, UntilMs())
        {
            Credentials = configured.Credentials,
        };
        return Issue(snapshot, content);
    }

    private (TokenAnswer? Tokens, OAuthError? Error) Issue(GatewaySnapshot snapshot, SealedCaller content)
    {
        if (tokens.GrantOf(content, snapshot) is not { } grant)
            return (null, OAuthError.InvalidGrant("The grant has ended, or there is none."));
        if (content.Resource != ResourceNames.All && !grant.Bindings.ContainsKey(content.Resource))
            return (null, OAuthError.InvalidTarget("The grant does not reach this server."));
        var until = Math.Min(content.UntilMs, grant.ExpiresMs ?? long.MaxValue);
        return (
            new TokenAnswer(
                sealer.Seal(content with { UntilMs = until }), null, Math.Max(1, (until - store.NowMs) / 1000),
                ResourceMetadata.Scope),
            null);
    }

    private long UntilMs() => store.NowMs + (long)TokenIssuer.AccessMax.TotalMilliseconds;

    private static JsonElement ClaimsOf(string issuer, string client)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", issuer);
            json.WriteString("sub", client);
            json.WriteString("client_id", client);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
