using System.Text.Json;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>What an authorization server says of itself (RFC 8414, OpenID Connect Discovery).</summary>
internal static class AuthorizationServer
{
    private const string OAuth = "/.well-known/oauth-authorization-server";
    private const string OpenId = "/.well-known/openid-configuration";
    private const string Grant = "client_credentials";
    private const int ValuesMax = 256;

    /// <summary>Where its document may lie, in the order in which clients look (RFC 8414, 3.1 and 5).</summary>
    public static IEnumerable<Uri> Places(Uri issuer)
    {
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri(issuer, OAuth + path);
        yield return new Uri(issuer, OpenId + path);
        if (path.Length > 0)
            yield return new Uri(issuer, path + OpenId);
    }

    /// <exception cref="OAuthException">It is another's, or offers nothing that serves.</exception>
    public static (Uri TokenEndpoint, bool IsBasic) Read(JsonElement json, Uri place, string issuer)
    {
        // RFC 8414, 3.3: compared as it is written. A document of somebody else would have the secret sent there.
        if (MetadataMember.Text(json, "issuer") is not { } named || named != issuer)
            throw new OAuthException($"{place} does not speak for the issuer {Printable.Of(issuer)}");
        if (MetadataMember.Text(json, "token_endpoint") is not { } text
            || !Uri.TryCreate(text, UriKind.Absolute, out var endpoint))
            throw new OAuthException($"{place} has no token_endpoint");
        var grants = MetadataMember.Texts(json, "grant_types_supported", ValuesMax);
        if (!grants.IsEmpty && !grants.Contains(Grant))
            throw new OAuthException($"{Printable.Of(issuer)} does not offer the grant type {Grant}");
        // RFC 8414, 2: absent means client_secret_basic.
        var methods = MetadataMember.Texts(json, "token_endpoint_auth_methods_supported", ValuesMax);
        var isBasic = methods.IsEmpty || methods.Contains("client_secret_basic");
        if (!isBasic && !methods.Contains("client_secret_post"))
        {
            throw new OAuthException(
                $"{Printable.Of(issuer)} takes a client's secret neither in a header nor in the form");
        }

        return (endpoint, isBasic);
    }
}
