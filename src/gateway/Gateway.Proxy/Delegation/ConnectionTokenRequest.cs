using System.Net;
using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Delegation;

/// <summary>The exchange of a code or a refresh token for tokens (RFC 6749, 4.1.3 and 6; RFC 8707).</summary>
internal static class ConnectionTokenRequest
{
    private const int RefreshCharactersMax = 16 * 1024;

    // Only these mean that the authorization has ended; with any other error a later attempt may succeed.
    private static readonly string[] Ends = ["invalid_grant", "unauthorized_client", "invalid_target"];

    /// <summary>Exchanges a code.</summary>
    /// <exception cref="OAuthException">No tokens were issued.</exception>
    public static async Task<ConnectionTokens> RedeemAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens without, string code, string verifier,
        string redirectUri, long nowMs, CancellationToken cancellationToken)
    {
        var (tokens, _, ended) = await SendAsync(
            http, client, without,
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["code_verifier"] = verifier,
                ["redirect_uri"] = redirectUri,
            },
            nowMs, cancellationToken);
        return tokens ?? throw new OAuthException(ended!);
    }

    /// <summary>Exchanges the refresh token; returns the reason in place of tokens if the authorization has ended.
    /// </summary>
    /// <exception cref="OAuthException">No tokens were issued; another attempt may succeed.</exception>
    public static async Task<(ConnectionTokens? Tokens, string? Ended)> RefreshAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens old, long nowMs,
        CancellationToken cancellationToken)
    {
        var (tokens, _, ended) = await SendAsync(
            http, client, old,
            new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = old.Refresh! },
            nowMs, cancellationToken);
        return (tokens, ended);
    }

    private static async Task<(ConnectionTokens? Tokens, JsonElement? Json, string? Ended)> SendAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens old, Dictionary<string, string> form, long nowMs,
        CancellationToken cancellationToken)
    {
        form["resource"] = old.Resource;
        if (!old.IsBasic)
        {
            form["client_id"] = client.ClientId;
            if (client.ClientSecret.Length > 0)
                form["client_secret"] = client.ClientSecret;
        }

        var (status, json) = await http.PostAsync(
            old.TokenEndpoint, form, old.IsBasic ? TokenRequest.Basic(client) : null, cancellationToken);
        if (status != HttpStatusCode.OK || json is not { } answer)
        {
            var error = json is { } refused ? MetadataMember.Text(refused, "error") : null;
            return status == HttpStatusCode.BadRequest && error is not null && Ends.Contains(error)
                ? (null, json, $"the authorization server ended it ({Printable.Of(error)})")
                : throw TokenRequest.Refused(old.TokenEndpoint, "to issue a token", status, json);
        }

        var access = TokenRequest.Read(answer, old.TokenEndpoint, taken: 0);
        var refresh = MetadataMember.Text(answer, "refresh_token");
        if (refresh is not { Length: > 0 and <= RefreshCharactersMax }
            || refresh.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            refresh = null;
        return (
            old with
            {
                Access = access.Value,
                // An authorization server that does not rotate keeps the old one valid (RFC 6749, 6).
                Refresh = refresh ?? old.Refresh,
                IssuedMs = nowMs,
                ExpiresMs = access.Lifetime is { } lifetime ? nowMs + (long)lifetime.TotalMilliseconds : null,
            },
            json, null);
    }
}
