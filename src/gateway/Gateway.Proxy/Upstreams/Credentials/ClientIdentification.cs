using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.ProtectedResource;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// The ways in which the gateway's client identifies itself at an authorization server: a secret in the header or the
/// form (RFC 6749, 2.3.1), or an assertion that it signs (RFC 7523, 2.2).
/// </summary>
internal static class ClientIdentification
{
    internal const string None = "none";
    internal const string Basic = "client_secret_basic";
    internal const string Post = "client_secret_post";
    private const string PrivateKey = "private_key_jwt";
    private const int ValuesMax = 256;

    // An assertion is sent once, at once: the time before and after now only allows for clocks that differ.
    private const int SecondsBefore = 30;
    private const int SecondsAfter = 60;

    /// <summary>Returns true if the client sends its secret in the header, false if nothing belongs there.</summary>
    /// <param name="json">The metadata of the authorization server (RFC 8414).</param>
    /// <param name="issuer">The authorization server.</param>
    /// <param name="client">The client.</param>
    /// <exception cref="OAuthException">The authorization server does not accept what the client has.</exception>
    public static bool IsBasic(JsonElement json, string issuer, OAuthClientOptions client)
    {
        var methods = MethodsOf(json);
        // RFC 8414, 2: absent means client_secret_basic.
        var isBasic = methods.IsEmpty || methods.Contains(Basic);
        if (client.ClientId.Length == 0)
            return isBasic && client.ClientSecret.Length > 0;
        if (client.Key is not null && !methods.IsEmpty && !methods.Contains(PrivateKey))
            throw new OAuthException($"{Printable.Of(issuer)} accepts no signed assertions ({PrivateKey}) from "
                + "clients");
        if (client.IsPublic && !methods.IsEmpty && !methods.Contains(None))
            throw new OAuthException($"{Printable.Of(issuer)} requires a client secret; set \"clientSecret\"");
        if (client.ClientSecret.Length > 0 && !isBasic && !methods.Contains(Post))
        {
            throw new OAuthException(
                $"{Printable.Of(issuer)} accepts a client secret neither in a header nor in the form");
        }

        return isBasic && client.ClientSecret.Length > 0;
    }

    /// <summary>Returns the ways in which clients authenticate; empty for <c>client_secret_basic</c>.</summary>
    public static ImmutableArray<string> MethodsOf(JsonElement json) =>
        MetadataMember.Texts(json, "token_endpoint_auth_methods_supported", ValuesMax);

    /// <summary>Adds the client to a form; returns its credential if that belongs into the header.</summary>
    /// <exception cref="OAuthException">The client's key cannot sign, or it is not known for whom.</exception>
    public static AuthenticationHeaderValue? Identify(
        Dictionary<string, string> form, OAuthClientOptions client, bool isBasic, ClientAudience audience)
    {
        if (client.Key is { } key)
        {
            form["client_id"] = client.ClientId;
            form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
            form["client_assertion"] = Assertion(client, key, audience);
            return null;
        }

        if (isBasic)
            return Header(client);
        form["client_id"] = client.ClientId;
        if (client.ClientSecret.Length > 0)
            form["client_secret"] = client.ClientSecret;
        return null;
    }

    // RFC 6749, 2.3.1: each part is form-encoded before the two are joined.
    private static AuthenticationHeaderValue Header(OAuthClientOptions client)
    {
        var pair = $"{WebUtility.UrlEncode(client.ClientId)}:{WebUtility.UrlEncode(client.ClientSecret)}";
        return new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
    }

    // One audience and no more: with several, each could present the assertion to the others (RFC 7523bis).
    private static string Assertion(OAuthClientOptions client, ClientKey key, ClientAudience audience)
    {
        if (key.Open(out var problem) is not { } opened)
            throw new OAuthException($"the client's private key cannot be used: {problem}");
        using var signer = opened;
        var to = key.IsForEndpoint ? audience.TokenEndpoint.AbsoluteUri
            : audience.Issuer ?? client.Issuer
                ?? throw new OAuthException(
                    "the connection was made by an earlier release; connect again, or set \"issuer\"");
        var header = ResourceMetadata.Write(json =>
        {
            json.WriteString("alg", signer.Algorithm);
            json.WriteString("typ", "JWT");
            if (signer.Id is not null)
                json.WriteString("kid", signer.Id);
            if (signer.Thumbprint is not null)
                json.WriteString("x5t#S256", signer.Thumbprint);
        });
        var now = audience.Now.ToUnixTimeSeconds();
        var claims = ResourceMetadata.Write(json =>
        {
            json.WriteString("iss", client.ClientId);
            json.WriteString("sub", client.ClientId);
            json.WriteString("aud", to);
            json.WriteNumber("iat", now - SecondsBefore);
            json.WriteNumber("nbf", now - SecondsBefore);
            json.WriteNumber("exp", now + SecondsAfter);
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}

/// <summary>The receiver of a client's assertion.</summary>
/// <param name="Issuer">The authorization server; null if an earlier release has not stored it.</param>
/// <param name="TokenEndpoint">The token endpoint.</param>
/// <param name="Now">The time.</param>
internal readonly record struct ClientAudience(string? Issuer, Uri TokenEndpoint, DateTimeOffset Now);
