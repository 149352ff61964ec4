using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The request for a token at a token endpoint (RFC 6749, 4.4; RFC 8707).</summary>
internal static class TokenRequest
{
    private const int TokenCharactersMax = 16 * 1024;
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromDays(1);

    /// <exception cref="OAuthException">The endpoint issued no token; the message contains its error code.</exception>
    public static async Task<AccessToken> SendAsync(
        OAuthHttp http, TokenService service, OAuthClientOptions client, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["resource"] = service.Resource,
        };
        if (service.Scope is not null)
            form["scope"] = service.Scope;
        if (!service.IsBasic)
            (form["client_id"], form["client_secret"]) = (client.ClientId, client.ClientSecret);
        // Taken before the response, because the transfer time is part of the token's lifetime.
        var taken = time.GetTimestamp();
        var (status, json) = await http.PostAsync(
            service.TokenEndpoint, form, service.IsBasic ? Basic(client) : null, cancellationToken);
        return status == HttpStatusCode.OK && json is { } answer
            ? Read(answer, service, taken)
            : throw Refused(service, status, json);
    }

    // RFC 6749, 2.3.1: each part is form-encoded before the two are joined.
    private static AuthenticationHeaderValue Basic(OAuthClientOptions client)
    {
        var pair = $"{WebUtility.UrlEncode(client.ClientId)}:{WebUtility.UrlEncode(client.ClientSecret)}";
        return new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
    }

    private static AccessToken Read(JsonElement json, TokenService service, long taken)
    {
        if (MetadataMember.Text(json, "access_token") is not { Length: > 0 and <= TokenCharactersMax } token
            || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new OAuthException($"{service.TokenEndpoint} responded without a usable access_token");
        if (MetadataMember.Text(json, "token_type") is not { } type
            || !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            throw new OAuthException($"{service.TokenEndpoint} issued a token that is not a bearer token");
        if (!json.TryGetProperty("expires_in", out var written) || written.ValueKind != JsonValueKind.Number)
            return new AccessToken(token, taken, null);
        if (!written.TryGetDouble(out var seconds) || seconds < 1)
            throw new OAuthException($"{service.TokenEndpoint} issued a token that has already expired");
        return new AccessToken(token, taken, TimeSpan.FromSeconds(Math.Min(seconds, LifetimeMax.TotalSeconds)));
    }

    private static OAuthException Refused(TokenService service, HttpStatusCode status, JsonElement? json)
    {
        // Only the code, because a description may repeat the request.
        var code = json is { } answer ? MetadataMember.Text(answer, "error") : null;
        return new OAuthException($"{service.TokenEndpoint} refused the gateway's client (HTTP {(int)status}"
            + (code is null ? ")" : $", {Printable.Of(code)})"));
    }
}
