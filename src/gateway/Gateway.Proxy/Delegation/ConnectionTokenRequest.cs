using System.Net;
using System.Net.Http.Headers;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Delegation;

/// <summary>The outcome of a request for tokens.</summary>
/// <param name="Tokens">The tokens; null if there are none.</param>
/// <param name="Ended">The reason why the authorization has ended; null if it has not.</param>
/// <param name="IsClientUnknown">True if the authorization server no longer knows the gateway's own client.</param>
/// <param name="Scope">The granted scope; null if the response does not name it (RFC 6749, 5.1).</param>
internal readonly record struct TokenOutcome(
    ConnectionTokens? Tokens, string? Ended, bool IsClientUnknown = false, string? Scope = null);

/// <summary>
/// The exchange of a code or a refresh token for tokens (RFC 6749, 4.1.3 and 6; RFC 8707), and their end (RFC 7009).
/// </summary>
internal static class ConnectionTokenRequest
{
    private const int RefreshCharactersMax = 16 * 1024;
    private const int ScopeCharactersMax = 4096;

    // Only these mean that the authorization has ended; with any other error a later attempt may succeed.
    private static readonly string[] Ends = ["invalid_grant", "unauthorized_client", "invalid_target"];

    /// <summary>Exchanges a code.</summary>
    /// <exception cref="OAuthException">No tokens were issued; another attempt may succeed.</exception>
    public static Task<TokenOutcome> RedeemAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens without, string code, string verifier,
        string redirectUri, long nowMs, CancellationToken cancellationToken) => SendAsync(
            http, client, without,
            new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["code_verifier"] = verifier,
                ["redirect_uri"] = redirectUri,
            },
            nowMs, cancellationToken);

    /// <summary>Exchanges the refresh token.</summary>
    /// <exception cref="OAuthException">No tokens were issued; another attempt may succeed.</exception>
    public static Task<TokenOutcome> RefreshAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens old, long nowMs,
        CancellationToken cancellationToken) => SendAsync(
            http, client, old,
            new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = old.Refresh! },
            nowMs, cancellationToken);

    /// <summary>Revokes the refresh token, which ends the access token too, or the access token alone.</summary>
    /// <exception cref="OAuthException">The endpoint did not accept it.</exception>
    public static async Task RevokeAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens tokens, Uri endpoint, long nowMs,
        CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["token"] = tokens.Refresh ?? tokens.Access,
            ["token_type_hint"] = tokens.Refresh is null ? "access_token" : "refresh_token",
        };
        var (status, json) = await http.PostAsync(
            endpoint, form, Identify(form, client, tokens, nowMs), cancellationToken);
        if (status != HttpStatusCode.OK)
            throw TokenRequest.Refused(endpoint, "to revoke a token", status, json);
    }

    private static AuthenticationHeaderValue? Identify(
        Dictionary<string, string> form, OAuthClientOptions client, ConnectionTokens tokens, long nowMs) =>
        ClientIdentification.Identify(form, client, tokens.IsBasic, new(
            tokens.Issuer, tokens.TokenEndpoint, DateTimeOffset.FromUnixTimeMilliseconds(nowMs)));

    private static async Task<TokenOutcome> SendAsync(
        OAuthHttp http, OAuthClientOptions client, ConnectionTokens old, Dictionary<string, string> form, long nowMs,
        CancellationToken cancellationToken)
    {
        form["resource"] = old.Resource;
        var (status, json) = await http.PostAsync(
            old.TokenEndpoint, form, Identify(form, client, old, nowMs), cancellationToken);
        if (status != HttpStatusCode.OK || json is not { } answer)
        {
            var error = json is { } refused ? MetadataMember.Text(refused, "error") : null;
            var isClientUnknown = old.Client is not null && error == "invalid_client"
                && status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized;
            return isClientUnknown || (status == HttpStatusCode.BadRequest && error is not null && Ends.Contains(error))
                ? new(null, $"the authorization server ended it ({Printable.Of(error!)})", isClientUnknown)
                : throw TokenRequest.Refused(old.TokenEndpoint, "to issue a token", status, json);
        }

        var access = TokenRequest.Read(answer, old.TokenEndpoint, taken: 0);
        var refresh = MetadataMember.Text(answer, "refresh_token");
        if (refresh is not { Length: > 0 and <= RefreshCharactersMax }
            || refresh.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            refresh = null;
        return new TokenOutcome(
            old with
            {
                Access = access.Value,
                // An authorization server that does not rotate keeps the old one valid (RFC 6749, 6).
                Refresh = refresh ?? old.Refresh,
                IssuedMs = nowMs,
                ExpiresMs = access.Lifetime is { } lifetime ? nowMs + (long)lifetime.TotalMilliseconds : null,
            },
            null,
            Scope: MetadataMember.Text(answer, "scope") is { Length: <= ScopeCharactersMax } scope ? scope : null);
    }
}
