using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The metadata of an authorization server (RFC 8414, OpenID Connect Discovery).</summary>
internal static class AuthorizationServer
{
    private const string OAuth = "/.well-known/oauth-authorization-server";
    private const string OpenId = "/.well-known/openid-configuration";
    private const string Grant = "client_credentials";
    private const int ValuesMax = 256;

    /// <summary>
    /// Returns the possible addresses of the document, in the order in which clients try them (RFC 8414, 3.1 and 5).
    /// </summary>
    public static IEnumerable<Uri> Places(Uri issuer)
    {
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri(issuer, OAuth + path);
        yield return new Uri(issuer, OpenId + path);
        if (path.Length > 0)
            yield return new Uri(issuer, path + OpenId);
    }

    /// <exception cref="OAuthException">
    /// The document describes another issuer, or offers no suitable method.
    /// </exception>
    public static (Uri TokenEndpoint, bool IsBasic) Read(
        JsonElement json, Uri place, string issuer, OAuthClientOptions client)
    {
        // RFC 8414, 3.3: compared exactly as written. Otherwise another party's document could direct the secret to its
        // own endpoint.
        if (MetadataMember.Text(json, "issuer") is not { } named || named != issuer)
            throw new OAuthException($"{place} does not describe the issuer {Printable.Of(issuer)}");
        if (MetadataMember.Text(json, "token_endpoint") is not { } text
            || !Uri.TryCreate(text, UriKind.Absolute, out var endpoint))
            throw new OAuthException($"{place} has no token_endpoint");
        var grants = MetadataMember.Texts(json, "grant_types_supported", ValuesMax);
        // For callers, an exchange is enough; only the gateway's own requests need more.
        if (!grants.IsEmpty && !grants.Contains(Grant)
            && (client.Exchange is null || !grants.Contains(TokenRequest.GrantOf(client.Exchange))))
        {
            throw new OAuthException($"{Printable.Of(issuer)} does not offer the grant type {Grant}");
        }

        return (endpoint, ClientIdentification.IsBasic(json, issuer, client));
    }
}
