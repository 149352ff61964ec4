using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// Verifies assertions that are exchanged for access tokens (RFC 7523, 2.1): those with which an issuer lets a client
/// act for a person (ID-JAG), after draft-ietf-oauth-identity-assertion-authz-grant and the enterprise-managed
/// authorization of MCP (SEP-990), and tokens of workloads, after the draft of SEP-1933.
/// </summary>
public sealed class IdentityAssertions
{
    /// <summary>The <c>typ</c> of an assertion.</summary>
    public const string Type = "oauth-id-jag+jwt";

    private const int IdLengthMax = 256;
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);

    // Kubernetes issues tokens for 3607 seconds, and its clock may be ahead.
    private static readonly TimeSpan WorkloadLifeMax = LifeMax + TimeSpan.FromMinutes(2);
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

        if (WhyNot(token.Claims, clientId, snapshot.OAuth!, _clock.NowMs()) is { } wrong)
            return new(null, $"{wrong}; its issuer is {issuer.Name}");
        if (MetadataMember.Text(token.Claims, "resource") is not { } resource
            || ResourceNames.ServerOf(snapshot, resource) is not { } server)
        {
            return new(
                null, $"the assertion is for no address of this gateway (resource); its issuer is {issuer.Name}");
        }

        var id = MetadataMember.Text(token.Claims, "jti")!;
        return await VerifySignedAsync(token, issuer, new(token.Claims, server, id), proofKey, cancellationToken);
    }

    /// <summary>Returns the token of a workload, or the reason why it is not accepted.</summary>
    /// <param name="text">The token.</param>
    /// <param name="server">The server that the access token is for, or the placeholder for all of them.</param>
    /// <param name="proofKey">The key of which the request proves possession; null for none.</param>
    /// <param name="snapshot">The configuration, with an authorization server.</param>
    /// <param name="cancellationToken">Ends the wait for keys.</param>
    public async ValueTask<AssertionResult> VerifyWorkloadAsync(
        string text, string server, string? proofKey, GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        var (token, why) = IssuerToken.Parse(text);
        if (token is null)
            return new(null, why);
        if (MetadataMember.Text(token.Claims, "iss") is not { } iss
            || snapshot.Callers.Find(iss) is not { AcceptsWorkloads: true } issuer)
        {
            return new(null, "no issuer with \"workloads\" issued the token (iss)");
        }

        if ((TokenRules.WhyNotOfWorkload(token)
            ?? WhyNotNow(token.Claims, snapshot.OAuth!, _clock.NowMs(), WorkloadLifeMax)) is { } wrong)
        {
            return new(null, $"{wrong}; its issuer is {issuer.Name}");
        }

        // Not all platforms name their tokens. The signature is no name, because another one may be valid, too.
        var id = MetadataMember.Text(token.Claims, "jti") is { Length: > 0 and <= IdLengthMax } jti
            ? jti : TokenHash.Of(text.AsSpan(0, text.LastIndexOf('.'))).ToString();
        return await VerifySignedAsync(token, issuer, new(token.Claims, server, id), proofKey, cancellationToken);
    }

    private async ValueTask<AssertionResult> VerifySignedAsync(
        IssuerToken token, IssuerSettings issuer, IdentityAssertion verified, string? proofKey,
        CancellationToken cancellationToken)
    {
        if (TokenRules.HasKey(token.Claims) && (proofKey is null || TokenRules.KeyOf(token.Claims) != proofKey))
        {
            return new(null, "the assertion is bound to a key (cnf), and the request does not prove possession of it; "
                + $"its issuer is {issuer.Name}");
        }

        if (TokenRules.CallerOf(token.Claims, token.ClaimsUtf8, issuer) is { Caller: null, Why: var unknown })
            return new(null, $"{unknown}; its issuer is {issuer.Name}");
        try
        {
            return (await IssuerTokens.SignerAsync(token, issuer, _keys, cancellationToken)).Key is null
                ? new(null, $"the issuer {issuer.Name} did not sign the assertion")
                : new(verified, "");
        }
        catch (IssuerException e)
        {
            return new(null, $"the keys of the issuer {issuer.Name} are unavailable: {e.Message}") { CanRetry = true };
        }
    }

    private static string? WhyNot(JsonElement claims, string clientId, OAuthSettings oauth, long nowMs)
    {
        if (WhyNotNow(claims, oauth, nowMs, LifeMax) is { } why)
            return why;
        if (TokenRules.Seconds(claims, "iat") is null)
            return "the assertion has no time of issue (iat)";
        if (MetadataMember.Text(claims, "client_id") != clientId)
            return "the assertion was issued to another client (client_id)";
        return MetadataMember.Text(claims, "jti") is { Length: > 0 and <= IdLengthMax }
            ? null : "the assertion has no id (jti)";
    }

    private static string? WhyNotNow(JsonElement claims, OAuthSettings oauth, long nowMs, TimeSpan lifeMax)
    {
        if (TokenRules.WhyNotNow(claims, nowMs) is { } early)
            return early;
        if (TokenRules.Seconds(claims, "exp") * 1000 > nowMs + lifeMax.TotalMilliseconds)
            return "the assertion is valid for more than an hour (exp)";
        // One audience: the same assertion must not be good at another server, too.
        return TokenRules.Audiences(claims) is [var audience]
            && (audience == oauth.Issuer || audience == oauth.Issuer + "/")
            ? null : $"the assertion is not for the authorization server {oauth.Issuer} (aud)";
    }
}

/// <summary>A verified assertion that may not have been used before.</summary>
/// <param name="Claims">Its claims, with <c>iss</c> and <c>exp</c>.</param>
/// <param name="Resource">The server that it is for, or the placeholder for all of them.</param>
/// <param name="Name">Its <c>jti</c>, or a digest of the assertion.</param>
public sealed record IdentityAssertion(JsonElement Claims, string Resource, string Name)
{
    /// <summary>The issuer and the name, which it has only once.</summary>
    public string Id => $"{Claims.GetProperty("iss").GetString()}\n{Name}";

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
