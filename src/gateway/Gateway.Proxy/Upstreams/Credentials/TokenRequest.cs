using System.Net;
using System.Text.Json;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// The request for a token at a token endpoint: the account's own (RFC 6749, 4.4; RFC 8707), or one that is exchanged
/// for a caller's (RFC 8693, 2.1; Microsoft identity platform, On-Behalf-Of flow).
/// </summary>
internal static class TokenRequest
{
    private const int TokenCharactersMax = 16 * 1024;
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
    private const string JwtType = "urn:ietf:params:oauth:token-type:jwt";
    private static readonly TimeSpan ExchangedFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(1);

    /// <exception cref="OAuthException">The endpoint issued no token; the message contains its error code.</exception>
    public static async Task<AccessToken> SendAsync(
        OAuthHttp http, TokenService service, OAuthClientOptions client, SubjectToken? subject,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var form = subject is null ? new() { ["grant_type"] = "client_credentials" } : Exchange(client, subject);
        // Microsoft Entra refuses "resource": its scopes name the resource, those of a client itself by their end.
        if (subject is not null && client.Audience is not null)
            form["audience"] = client.Audience;
        else if (client.Exchange != ServerAccountSpec.OnBehalfOf
            && service.Scope?.EndsWith("/.default", StringComparison.Ordinal) != true)
        {
            form["resource"] = service.Resource;
        }

        if (service.Scope is not null)
            form["scope"] = service.Scope;
        // Taken before the response, because the transfer time is part of the token's lifetime.
        var taken = time.GetTimestamp();
        var credential = ClientIdentification.Identify(
            form, client, service.IsBasic, new(service.Issuer, service.TokenEndpoint, time.GetUtcNow()));
        var (status, json) = await http.PostAsync(service.TokenEndpoint, form, credential, cancellationToken);
        return status == HttpStatusCode.OK && json is { } answer
            ? subject is null
                ? Read(answer, service.TokenEndpoint, taken) : ReadExchanged(answer, service.TokenEndpoint, taken)
            : throw Refused(
                service.TokenEndpoint,
                subject is not null ? "to exchange the caller's token"
                    : client.Key is null ? "the gateway's client" : "the gateway's client and its signature",
                status, json);
    }

    /// <summary>Returns the grant type of a kind of exchange.</summary>
    public static string GrantOf(string? exchange) => exchange == ServerAccountSpec.OnBehalfOf
        ? "urn:ietf:params:oauth:grant-type:jwt-bearer" : "urn:ietf:params:oauth:grant-type:token-exchange";

    private static Dictionary<string, string> Exchange(OAuthClientOptions client, SubjectToken subject) =>
        client.Exchange == ServerAccountSpec.OnBehalfOf
            ? new()
            {
                ["grant_type"] = GrantOf(client.Exchange),
                ["assertion"] = subject.ToText(),
                ["requested_token_use"] = "on_behalf_of",
            }
            : new()
            {
                ["grant_type"] = GrantOf(client.Exchange),
                ["subject_token"] = subject.ToText(),
                ["subject_token_type"] = AccessTokenType,
                ["requested_token_type"] = AccessTokenType,
            };

    /// <summary>
    /// Returns a token that was exchanged for a caller's. Without a lifetime, it is exchanged again after some minutes,
    /// because the caller may have lost its access.
    /// </summary>
    private static AccessToken ReadExchanged(JsonElement json, Uri endpoint, long taken)
    {
        var token = Read(json, endpoint, taken);
        // RFC 8693, 2.2.1. An ID token or a refresh token is for nobody but the gateway.
        return MetadataMember.Text(json, "issued_token_type") is null or AccessTokenType or JwtType
            ? token with { Lifetime = token.Lifetime ?? ExchangedFor }
            : throw new OAuthException($"{endpoint} issued another kind of token than an access token");
    }

    /// <exception cref="OAuthException">The response contains no usable token.</exception>
    internal static AccessToken Read(JsonElement json, Uri endpoint, long taken)
    {
        if (MetadataMember.Text(json, "access_token") is not { Length: > 0 and <= TokenCharactersMax } token
            || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new OAuthException($"{endpoint} responded without a usable access_token");
        if (MetadataMember.Text(json, "token_type") is not { } type
            || !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            throw new OAuthException($"{endpoint} issued a token that is not a bearer token");
        if (!json.TryGetProperty("expires_in", out var written) || written.ValueKind != JsonValueKind.Number)
            return new AccessToken(token, taken, null);
        if (!written.TryGetDouble(out var seconds) || seconds < 1)
            throw new OAuthException($"{endpoint} issued a token that has already expired");
        return new AccessToken(token, taken, TimeSpan.FromSeconds(Math.Min(seconds, LifetimeMax.TotalSeconds)));
    }

    /// <param name="endpoint">The token endpoint.</param>
    /// <param name="what">What it refused.</param>
    /// <param name="status">The status of its response.</param>
    /// <param name="json">The response; null if it is no JSON.</param>
    internal static OAuthException Refused(Uri endpoint, string what, HttpStatusCode status, JsonElement? json)
    {
        // Only the code, because a description may repeat the request.
        var code = json is { } answer ? MetadataMember.Text(answer, "error") : null;
        return new OAuthException($"{endpoint} refused {what} (HTTP {(int)status}"
            + (code is null ? ")" : $", {Printable.Of(code)})"));
    }
}

/// <summary>The discovered token endpoint for one server.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="TokenEndpoint">The endpoint of the authorization server.</param>
/// <param name="IsBasic">True if the client's secret is sent in the header; otherwise in the form.</param>
/// <param name="Resource">The resource that the token is for (RFC 8707).</param>
/// <param name="Scope">The requested scope; null requests none.</param>
internal sealed record TokenService(string Issuer, Uri TokenEndpoint, bool IsBasic, string Resource, string? Scope);
