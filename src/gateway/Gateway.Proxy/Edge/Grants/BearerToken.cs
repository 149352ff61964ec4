using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Grants;

/// <summary>
/// The lookup of a request's grant by its token: in <c>Authorization</c> (RFC 6750, 2.1), or in the header for clients
/// that cannot set that one.
/// </summary>
internal static class BearerToken
{
    /// <summary>The maximum size of a token with its scheme.</summary>
    public const int CharactersMax = 32 * 1024;

    private const string Scheme = "Bearer ";
    private const string ProofScheme = "DPoP ";
    private const string Unknown = "the token belongs to no grant of this gateway, or the grant was revoked";

    private static readonly string TooLong =
        $"the token has more than {CharactersMax} characters; let its issuer put fewer claims into it";

    private static readonly string[] UrlNames =
        ["access_token", "api_key", "apikey", "api-key", "authorization", "bearer", "token"];

    /// <summary>Returns the reason why the way in which the token was sent is refused; null if it is not.</summary>
    public static string? Misplaced(HttpRequest request, GatewaySnapshot snapshot)
    {
        var header = snapshot.Callers.KeyHeader;
        if (request.Headers.Authorization.Count > 0 && request.Headers.ContainsKey(header))
            return $"Send the token in Authorization or in {header}, not in both.";
        // A URL is stored in histories and logs. MCP forbids tokens there (Authorization, Access Token Usage).
        return request.QueryString.HasValue && request.Query.Any(one =>
            UrlNames.Contains(one.Key, StringComparer.OrdinalIgnoreCase)
            || one.Key.Equals(header, StringComparison.OrdinalIgnoreCase)
            || one.Value.Append(one.Key).Any(text => text is not null && IsToken(text, snapshot)))
            ? $"The URL contains a token. Send it in the header Authorization: Bearer TOKEN, or in {header}; for a "
                + "client that can set neither, run the stdio bridge: gateway stdio."
            : null;
    }

    private static bool IsToken(string text, GatewaySnapshot snapshot)
    {
        var token = text.AsSpan(text.LastIndexOf(' ') + 1);
        return IssuerToken.LooksLike(token) || token.StartsWith(AccessTokenDirectory.Prefix)
            || token.StartsWith(TokenSealer.Prefix) || snapshot.Grants.ContainsKey(TokenHash.Of(token));
    }

    /// <summary>
    /// Returns the grant of the token, which is its own token, an access token from a sign-in, or a token of an issuer;
    /// otherwise the reason.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="server">The server of the address, or <see cref="ResourceNames.All"/>.</param>
    public static ValueTask<Admission> AuthenticateAsync(HttpContext http, GatewaySnapshot snapshot, string server)
    {
        if (!TryRead(http.Request, snapshot, out var text, out var from, out var why))
            return new(WithoutToken(http, snapshot, why));
        var hash = http.Features.Get<ConnectionToken>()?.Of(text, from) ?? ConnectionToken.Hash(text, from);
        if (snapshot.Grants.TryGetValue(hash, out var grant))
            return new(new Admission(grant, ""));
        var token = text.AsSpan(from).Trim(' ');
        if (snapshot.OAuth is not null && token.StartsWith(AccessTokenDirectory.Prefix))
            return FindAccessAsync(http, hash);
        var isSealed = snapshot.OAuth is not null && token.StartsWith(TokenSealer.Prefix);
        if (!isSealed && (snapshot.Callers.Issuers.IsEmpty || !IssuerToken.LooksLike(token)))
            return new(new Admission(null, Unknown));
        var tokens = http.RequestServices.GetRequiredService<IssuerTokens>();
        // A token of the gateway itself is for no other server, so it is never exchanged.
        var subject = isSealed ? null : new SubjectToken(text, from);
        if ((tokens.Find(hash, snapshot) ?? (isSealed ? tokens.Open(token, hash, snapshot) : null)) is { } caller)
            return new(Admit(caller, snapshot, http, server, subject));
        return subject is null
            ? new(new Admission(null, Unknown))
            : VerifyAsync(http, tokens, subject, hash, snapshot, server);
    }

    /// <summary>
    /// Returns the grant of a request's client certificate. A token decides alone, even one that is refused: the
    /// client means to call as its owner.
    /// </summary>
    private static Admission WithoutToken(HttpContext http, GatewaySnapshot snapshot, string why)
    {
        var headers = http.Request.Headers;
        if (!snapshot.Callers.HasCertificates || headers.Authorization.Count > 0
            || headers.ContainsKey(snapshot.Callers.KeyHeader))
        {
            return new Admission(null, why);
        }

        if (PresentedCertificate.Of(http, snapshot, out var problem) is not { } presented)
            return new Admission(null, problem ?? $"{why}, or use a client certificate");
        var (caller, unknown) = http.RequestServices.GetRequiredService<CertificateCallers>()
            .Verify(presented, snapshot.Callers);
        return caller is null ? new Admission(null, unknown) : Select(caller, snapshot);
    }

    private static async ValueTask<Admission> FindAccessAsync(HttpContext http, TokenHash access)
    {
        var services = http.RequestServices;
        var found = await services.GetRequiredService<AccessTokenDirectory>().FindAsync(
            access, services.GetRequiredService<ProcessClock>().NowMs(), http.RequestAborted);
        return new Admission(found, Unknown);
    }

    private static async ValueTask<Admission> VerifyAsync(
        HttpContext http, IssuerTokens tokens, SubjectToken token, TokenHash hash, GatewaySnapshot snapshot,
        string server)
    {
        try
        {
            var (caller, why) = await tokens.VerifyAsync(token.ToText(), hash, snapshot, http.RequestAborted);
            return caller is null ? new Admission(null, why) : Admit(caller, snapshot, http, server, token);
        }
        catch (IssuerException e)
        {
            // Not 401: a client would discard a token that is valid.
            const string Why = "the keys of the token's issuer cannot be read";
            return new Admission(null, Why, StatusCodes.Status503ServiceUnavailable, $"{Why}: {e.Message}");
        }
    }

    private static Admission Admit(
        CallerIdentity caller, GatewaySnapshot snapshot, HttpContext http, string server, SubjectToken? subject)
    {
        if (!IssuerTokens.IsForAddress(caller, snapshot, http.Request, server))
        {
            var expected = caller.Issuer.Audience ?? ResourceNames.AddressOf(snapshot, http.Request, server);
            return new Admission(null, "the token is for another audience (aud)"
                + (caller.Resource is null && expected is not null
                    ? $"; for its issuer {caller.Issuer.Name}, this address needs {expected}" : ""));
        }

        if (caller.Certificate is { } bound && PresentedCertificate.Of(http, snapshot, out _)?.Thumbprint != bound)
        {
            return new Admission(null, "the token is bound to a client certificate (cnf), and the request was not made "
                + "with it");
        }

        // Setting a feature clears the features that the request has cached.
        if (snapshot.ExchangesTokens)
            http.Features.Set(subject);
        return Select(caller, snapshot);
    }

    private static Admission Select(CallerIdentity caller, GatewaySnapshot snapshot) =>
        caller.GrantIn(snapshot) is { } grant
            ? new Admission(grant, "")
            : new Admission(null, "no grant of this gateway matches the "
                + $"{(caller.Issuer.Certificates is null ? "token" : "client certificate")} of the issuer "
                + caller.Issuer.Name, StatusCodes.Status403Forbidden);

    private static bool TryRead(
        HttpRequest request, GatewaySnapshot snapshot, out string text, out int from, out string why)
    {
        (text, from, why) = ("", 0, "");
        var header = request.Headers.Authorization;
        if (header.Count == 0)
        {
            var key = request.Headers[snapshot.Callers.KeyHeader];
            if (key.Count == 1)
                text = key[0] ?? "";
            why = key.Count > 1 ? $"send one {snapshot.Callers.KeyHeader} header, not several"
                : text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                    ? $"send the token in {snapshot.Callers.KeyHeader} without \"Bearer\""
                : key.Count == 0 ? "send the grant's token as \"Authorization: Bearer <token>\""
                : text.Length > CharactersMax ? TooLong
                : "";
            return why.Length == 0;
        }

        if (header.Count > 1)
            why = "send one Authorization header, not several";
        else if (header[0] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            (text, from) = (value, Scheme.Length);
        else if (header[0] is { } proven && proven.StartsWith(ProofScheme, StringComparison.OrdinalIgnoreCase))
            (text, from) = (proven, ProofScheme.Length);
        else
            why = "the Authorization header must be \"Bearer <token>\"";
        if (text.Length > CharactersMax)
            why = TooLong;
        return why.Length == 0;
    }
}

/// <summary>The grant of a request, or the reason why it has none.</summary>
/// <param name="Grant">The grant; null if the request is refused.</param>
/// <param name="Why">The reason for the refusal.</param>
/// <param name="Status">The HTTP status of the refusal.</param>
/// <param name="Detail">The reason for the log, with addresses that no client sees; null if it is the same.</param>
internal readonly record struct Admission(
    GrantModel? Grant, string Why, int Status = StatusCodes.Status401Unauthorized, string? Detail = null);
