using System.Buffers;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The issuer of access tokens that contain their caller, to clients without an operator's consent.</summary>
internal sealed class ClientTokens(
    TokenSealer sealer, IssuerTokens tokens, IdentityAssertions assertions, OAuthStore store, OAuthRates rates,
    AuthenticationFailureLog log)
{
    // A used assertion is remembered for longer than it is valid, because clocks of frontends differ.
    private static readonly TimeSpan UsedFor = TimeSpan.FromMinutes(5);

    /// <summary>Issues a token to a client for itself (RFC 6749, 4.4).</summary>
    public (TokenAnswer? Tokens, OAuthError? Error) ForClient(
        GatewaySnapshot snapshot, OAuthParameters form, OAuthClient client, string? proofKey)
    {
        var oauth = snapshot.OAuth!;
        if (oauth.Clients.GetValueOrDefault(client.Id) is not { Grant: not null } configured)
        {
            return (null, new OAuthError(400, "unauthorized_client",
                "The client has no grant in the gateway's configuration; use authorization_code."));
        }

        if (form.Resources != 1 || form["resource"] is not { } resource
            || ResourceNames.ServerOf(snapshot, resource) is not { } server)
        {
            return (null, OAuthError.InvalidTarget("resource must be the address of one server of this gateway, or "
                + "that of all its servers."));
        }

        var content = new SealedCaller(ClaimsOf(oauth.Issuer, client.Id), server, UntilMs())
        {
            Credentials = configured.Credentials,
            ProofKey = proofKey,
        };
        return Issue(snapshot, content);
    }

    /// <summary>Issues a token to a client for the person that an issuer's assertion names (RFC 7523, 2.1).</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<(TokenAnswer? Tokens, OAuthError? Error)> ForPersonAsync(
        HttpContext http, GatewaySnapshot snapshot, OAuthParameters form, OAuthClient client, string? proofKey)
    {
        // Anybody can send a public client's id, and with it an assertion that was stolen from that client.
        if (client.Document.SecretHash is null && form["client_assertion"] is null)
        {
            return (null, new OAuthError(400, "unauthorized_client",
                "Only a client with a secret or a key can exchange identity assertions."));
        }

        if (form["assertion"] is not { } text)
            return (null, OAuthError.InvalidRequest("assertion is required."));
        if (WrongScope(form) is { } scope)
            return (null, scope);
        var result = await assertions.VerifyAsync(text, client.Id, proofKey, snapshot, http.RequestAborted);
        if (result.CanRetry)
            return (null, OAuthError.Unavailable($"The assertion cannot be verified now: {result.Why}."));
        if (result.Assertion is not { } assertion)
            return Refused(http, result.Why);
        if (!assertion.HasScope(ResourceMetadata.Scope))
            return Refused(http, $"the assertion does not give the scope {ResourceMetadata.Scope}");
        if (form.Resources > 1 || (form["resource"] is { } resource
            && ResourceNames.ServerOf(snapshot, resource) != assertion.Resource))
        {
            return (null, OAuthError.InvalidTarget("The assertion is for another resource."));
        }

        var content = new SealedCaller(assertion.Claims, assertion.Resource, UntilMs())
        {
            Credentials = snapshot.OAuth!.Clients.GetValueOrDefault(client.Id)?.Credentials,
            ProofKey = proofKey,
        };
        return await IssueOnceAsync(http, snapshot, content, assertion, "id-jag");
    }

    /// <summary>
    /// Returns true if a request to the token endpoint has the token of a workload, which has no credentials of a
    /// client (SEP-1933).
    /// </summary>
    public static bool IsOfWorkload(HttpContext http, OAuthParameters form) =>
        form["grant_type"] == ResourceMetadata.JwtBearer && form["client_id"] is null && form["client_secret"] is null
        && form["client_assertion"] is null && form["client_assertion_type"] is null
        && http.Request.Headers.Authorization.Count == 0;

    /// <summary>Issues a token to a workload for the token of its platform.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<(TokenAnswer? Tokens, OAuthError? Error)> ForWorkloadAsync(
        HttpContext http, GatewaySnapshot snapshot, OAuthParameters form, string? proofKey)
    {
        if (snapshot.Callers.Issuers.All(static issuer => !issuer.AcceptsWorkloads))
            return (null, OAuthError.InvalidClient("Send client_id."));
        if (await rates.TryAsync(http, OAuthRate.Token) is { } limited)
            return (null, limited);
        if (form["assertion"] is not { } text)
            return (null, OAuthError.InvalidRequest("assertion is required."));
        if (WrongScope(form) is { } scope)
            return (null, scope);
        if (form.Resources != 1 || form["resource"] is not { } resource
            || ResourceNames.ServerOf(snapshot, resource) is not { } server)
        {
            return (null, OAuthError.InvalidTarget("resource must be the address of one server of this gateway, or "
                + "that of all its servers."));
        }

        var result = await assertions.VerifyWorkloadAsync(text, server, proofKey, snapshot, http.RequestAborted);
        if (result.CanRetry)
            return (null, OAuthError.Unavailable($"The assertion cannot be verified now: {result.Why}."));
        if (result.Assertion is not { } assertion)
            return Refused(http, result.Why);
        // Not longer than what it was issued for: a stolen token gains its thief no time.
        var until = Math.Min(UntilMs(), assertion.Until.ToUnixTimeMilliseconds());
        var content = new SealedCaller(assertion.Claims, server, until) { ProofKey = proofKey };
        return await IssueOnceAsync(http, snapshot, content, assertion, "workload");
    }

    private static OAuthError? WrongScope(OAuthParameters form) =>
        form["scope"] is { } scope && !scope.Split(' ').Contains(ResourceMetadata.Scope)
            ? new OAuthError(400, "invalid_scope", $"The only scope is {ResourceMetadata.Scope}.") : null;

    private async Task<(TokenAnswer? Tokens, OAuthError? Error)> IssueOnceAsync(
        HttpContext http, GatewaySnapshot snapshot, SealedCaller content, IdentityAssertion assertion, string kind)
    {
        var (answer, error) = Issue(snapshot, content);
        if (answer is null)
            return error!.Code == "invalid_grant" ? Refused(http, "no grant matches the assertion") : (null, error);
        // Last, so that an assertion is used up only by a token.
        return await store.WriteAsync(
            ControlKinds.OAuthAssertions, OAuthStore.NameOf($"{kind}\n{assertion.Id}"), 0,
            new AssertionDocument(assertion.Until + UsedFor), OAuthJson.Default.AssertionDocument)
            ? (answer, null)
            : Refused(http, "the assertion was used before (jti)");
    }

    private (TokenAnswer? Tokens, OAuthError? Error) Refused(HttpContext http, string why)
    {
        log.TokenRefused(http, why);
        return (null, OAuthError.InvalidGrant($"The assertion is not accepted: {why}."));
    }

    private (TokenAnswer? Tokens, OAuthError? Error) Issue(GatewaySnapshot snapshot, SealedCaller content)
    {
        if (tokens.GrantOf(content, snapshot) is not { } grant)
            return (null, OAuthError.InvalidGrant("The grant has ended or does not exist."));
        if (content.Resource != ResourceNames.All && !grant.Bindings.ContainsKey(content.Resource))
            return (null, OAuthError.InvalidTarget("The grant does not reach this server."));
        var until = Math.Min(content.UntilMs, grant.ExpiresMs ?? long.MaxValue);
        return (
            new TokenAnswer(
                sealer.Seal(content with { UntilMs = until }), null, Math.Max(1, (until - store.NowMs) / 1000),
                ResourceMetadata.Scope),
            null);
    }

    private long UntilMs() => store.NowMs + (long)TokenIssuer.AccessMax.TotalMilliseconds;

    private static JsonElement ClaimsOf(string issuer, string client)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", issuer);
            json.WriteString("sub", client);
            json.WriteString("client_id", client);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
