using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// Verifies the assertions (ID-JAG) with which an issuer lets a client act for a person, after
/// draft-ietf-oauth-identity-assertion-authz-grant and the enterprise-managed authorization of MCP (SEP-990).
/// </summary>
public sealed class IdentityAssertions
{
    /// <summary>The <c>typ</c> of an assertion.</summary>
    public const string Type = "oauth-id-jag+jwt";

    private const int IdLengthMax = 256;
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);
    private readonly IssuerKeys _keys;
    private readonly ProcessClock _clock;

    internal IdentityAssertions(IssuerKeys keys, ProcessClock clock) => (_keys, _clock) = (keys, clock);

    /// <summary>Returns the assertion, or the reason why it is not accepted.</summary>
    /// <param name="text">The assertion.</param>
    /// <param name="clientId">The client that has authenticated.</param>
    /// <param name="proofKey">The key of which the request proves possession; null for none.</param>
    /// <param name="snapshot">The configuration, with an authorization server.</param>
    /// <param name="cancellationToken">Ends the wait for keys.</param>
    public async ValueTask<AssertionResult> VerifyAsync(
        string text, string clientId, string? proofKey, GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        var (token, why) = IssuerToken.Parse(text);
        if (token is null)
            return new(null, why);
        if (!TokenRules.TypeOf(token).Equals(Type, StringComparison.OrdinalIgnoreCase))
            return new(null, $"the assertion is not of the type {Type} (typ)");
        if (MetadataMember.Text(token.Claims, "iss") is not { } iss
            || snapshot.Callers.Find(iss) is not { AcceptsIdJag: true } issuer)
        {
            return new(null, "no issuer with \"idJag\" issued the assertion (iss)");
        }

        if (TokenRules.HasKey(token.Claims) && (proofKey is null || TokenRules.KeyOf(token.Claims) != proofKey))
        {
            return new(null, "the assertion is bound to a key (cnf), and the request does not prove possession of it; "
                + $"its issuer is {issuer.Name}");
        }

        if (WhyNot(token.Claims, clientId, snapshot.OAuth!, _clock.NowMs()) is { } wrong)
            return new(null, $"{wrong}; its issuer is {issuer.Name}");
        if (MetadataMember.Text(token.Claims, "resource") is not { } resource
            || ResourceNames.ServerOf(snapshot, resource) is not { } server)
        {
            return new(
                null, $"the assertion is for no address of this gateway (resource); its issuer is {issuer.Name}");
        }

        if (TokenRules.CallerOf(token.Claims, token.ClaimsUtf8, issuer) is { Caller: null, Why: var unknown })
            return new(null, $"{unknown}; its issuer is {issuer.Name}");
        try
        {
            var keys = await _keys.FindAsync(
                issuer, IssuerTokens.KidOf(token), token.Token.Alg, cancellationToken);
            return await IssuerTokens.SignerAsync(token, keys) is null
                ? new(null, $"the issuer {issuer.Name} did not sign the assertion")
                : new(new IdentityAssertion(token.Claims, server), "");
        }
        catch (IssuerException e)
        {
            return new(null, $"the keys of the issuer {issuer.Name} are unavailable: {e.Message}") { CanRetry = true };
        }
    }

    private static string? WhyNot(JsonElement claims, string clientId, OAuthSettings oauth, long nowMs)
    {
        if (TokenRules.WhyNotNow(claims, nowMs) is { } early)
            return early;
        if (TokenRules.Seconds(claims, "iat") is null)
            return "the assertion has no time of issue (iat)";
        if (TokenRules.Seconds(claims, "exp") * 1000 > nowMs + LifeMax.TotalMilliseconds)
            return "the assertion is valid for more than an hour (exp)";
        // One audience: the same assertion must not be good at another server, too.
        if (TokenRules.Audiences(claims) is not [var audience]
            || (audience != oauth.Issuer && audience != oauth.Issuer + "/"))
        {
            return $"the assertion is for another authorization server than {oauth.Issuer} (aud)";
        }

        if (MetadataMember.Text(claims, "client_id") != clientId)
            return "the assertion was issued to another client (client_id)";
        return MetadataMember.Text(claims, "jti") is { Length: > 0 and <= IdLengthMax }
            ? null : "the assertion has no id (jti)";
    }
}

/// <summary>A verified assertion that may not have been used before.</summary>
/// <param name="Claims">Its claims, with <c>iss</c>, <c>jti</c>, <c>exp</c> and <c>client_id</c>.</param>
/// <param name="Resource">The server that it is for, or the placeholder for all of them.</param>
public sealed record IdentityAssertion(JsonElement Claims, string Resource)
{
    /// <summary>The issuer and the id, which it has only once.</summary>
    public string Id => $"{Claims.GetProperty("iss").GetString()}\n{Claims.GetProperty("jti").GetString()}";

    /// <summary>The time from which it is refused.</summary>
    public DateTimeOffset Until => DateTimeOffset.FromUnixTimeMilliseconds(
        (long)Math.Ceiling(TokenRules.Seconds(Claims, "exp")!.Value * 1000));

    /// <summary>Returns true if it gives a scope, or does not restrict them.</summary>
    public bool HasScope(string scope) => !Claims.TryGetProperty("scope", out var scopes)
        || (scopes.ValueKind == JsonValueKind.String && scopes.GetString()!.Split(' ').Contains(scope));
}

/// <summary>The result of a verification.</summary>
/// <param name="Assertion">The assertion; null if it is not accepted.</param>
/// <param name="Why">The reason for the refusal.</param>
public sealed record AssertionResult(IdentityAssertion? Assertion, string Why)
{
    /// <summary>True if the same assertion may be accepted later.</summary>
    public bool CanRetry { get; init; }
}
