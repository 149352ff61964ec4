using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Edge.Proofs;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The <c>/token</c> and <c>/revoke</c> endpoints.</summary>
internal sealed class TokenEndpoint(
    ClientAuthentication clients, TokenIssuer tokens, ClientTokens callers, OAuthGrants grants, OAuthStore store,
    ProofCheck proofs, SignInRecord record)
{
    /// <summary>The time in which a code can be exchanged.</summary>
    public static readonly TimeSpan CodeMax = TimeSpan.FromSeconds(60);

    private static readonly OAuthError UnknownCode =
        OAuthError.InvalidGrant("The code is unknown, expired, or belongs to another client; sign in again.");

    private static readonly OAuthError UnknownToken =
        OAuthError.InvalidGrant("The refresh token is unknown, expired, or belongs to another client; sign in again.");

    public async Task TokenAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        var (form, client, refused) = await ReadAsync(http, acceptsWorkloads: true);
        if (refused is not null)
        {
            await OAuthAnswer.ErrorAsync(http, refused.Status, refused.Code, refused.Text);
            return;
        }

        var (key, unproven) = await proofs.AtTokenEndpointAsync(http, snapshot.OAuth!);
        if (unproven is null && key is null && client?.Document.BoundTokens == true)
            unproven = new("invalid_dpop_proof", "The client registered for tokens that are bound to a key; send a "
                + "DPoP proof.");
        if (unproven is not null)
        {
            await OAuthAnswer.ErrorAsync(http, StatusCodes.Status400BadRequest, unproven.Error, unproven.Why);
            return;
        }

        var (answer, error) = client is null
            ? await callers.ForWorkloadAsync(http, snapshot, form, key)
            : form["grant_type"] switch
            {
                "authorization_code" => await RedeemAsync(http, snapshot, form, client, key),
                "refresh_token" => await RefreshAsync(http, snapshot, form, client, key),
                ResourceMetadata.ClientCredentials => callers.ForClient(snapshot, form, client, key),
                ResourceMetadata.JwtBearer => await callers.ForPersonAsync(http, snapshot, form, client, key),
                null => (null, OAuthError.InvalidRequest("grant_type is missing.")),
                _ => (null, new OAuthError(400, "unsupported_grant_type",
                    "grant_type must be authorization_code, refresh_token, client_credentials or jwt-bearer.")),
            };
        if (answer is null)
        {
            await OAuthAnswer.ErrorAsync(http, error!.Status, error.Code, error.Text);
            return;
        }

        await OAuthAnswer.JsonAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteString("access_token", answer.Access);
            json.WriteString("token_type", key is null ? "Bearer" : "DPoP");
            json.WriteNumber("expires_in", answer.ExpiresIn);
            if (answer.Refresh is not null)
                json.WriteString("refresh_token", answer.Refresh);
            json.WriteString("scope", answer.Scope);
        });
    }

    public async Task RevokeAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        var (form, client, refused) = await ReadAsync(http);
        if (client is not null && form["token"] is null)
            refused = OAuthError.InvalidRequest("token is missing.");
        // No store knows this token (RFC 7009, 2.2.1); it ends with its lifetime or with its client.
        if (client is not null && form["token"]?.StartsWith(TokenSealer.Prefix, StringComparison.Ordinal) == true)
            refused = new OAuthError(400, "unsupported_token_type", "This access token cannot be revoked; it expires "
                + "within an hour.");
        if (refused is not null)
        {
            await OAuthAnswer.ErrorAsync(http, refused.Status, refused.Code, refused.Text);
            return;
        }

        // A token that is unknown, or another client's, counts as revoked from this client's view (RFC 7009, 2.2).
        var found = await tokens.FindAsync(form["token"]!, http.RequestAborted);
        if (found is { } one && one.Family.ClientId == client!.Id
            && await grants.FindAsync(one.Grant, one.GrantToken, isNew: true) is { Grant: { } grant })
        {
            await tokens.EndAsync(grant, one.Family.Id, client.Id);
        }

        await OAuthAnswer.JsonAsync(http, StatusCodes.Status200OK, static _ => { });
    }

    /// <summary>
    /// Returns the client, or the reason for a refusal; neither if the request is that of a workload.
    /// </summary>
    private async ValueTask<(OAuthParameters Form, OAuthClient? Client, OAuthError? Refused)> ReadAsync(
        HttpContext http, bool acceptsWorkloads = false)
    {
        if (await OAuthParameters.ReadAsync(http, OAuthParameters.BodyBytesMax) is not { } form)
            return (null!, null, OAuthError.InvalidRequest("Send a form, application/x-www-form-urlencoded."));
        if (form.Doubled is { } doubled)
            return (form, null, OAuthError.InvalidRequest($"{ClientNames.Clean(doubled)} occurs more than once."));
        if (acceptsWorkloads && ClientTokens.IsOfWorkload(http, form))
            return (form, null, null);
        var (client, refused) = await clients.FindAsync(http, form);
        return (form, client, refused);
    }

    private async Task<(TokenAnswer?, OAuthError?)> RedeemAsync(
        HttpContext http, GatewaySnapshot snapshot, OAuthParameters form, OAuthClient client, string? proofKey)
    {
        if (form["code"] is not { } code || form["code_verifier"] is not { } verifier)
            return (null, OAuthError.InvalidRequest("code and code_verifier are required."));
        var id = OAuthStore.NameOf(code);
        var stored = await store.FindAsync(
            ControlKinds.OAuthCodes, id, OAuthJson.Default.CodeDocument, http.RequestAborted);
        if (stored is not { Value: { } bound } || bound.ClientId != client.Id
            || bound.RedirectUri != form["redirect_uri"] || !OAuthSecrets.Verifies(verifier, bound.Challenge))
        {
            return (null, UnknownCode);
        }

        if (WrongTarget(snapshot, form, bound.Server) is { } target)
            return (null, target);
        var (grant, gone) = await grants.FindAsync(bound.Grant, bound.GrantToken, isNew: true);
        if (grant is null)
            return (null, gone);
        if (bound.Used)
        {
            // Somebody else has the code and its verifier, or had them first: revoke all tokens issued for it.
            await record.WriteAsync(http, bound.ClientId, "code-reuse", $"grants/{grant.Name}");
            await tokens.EndAsync(grant, id, client.Id);
            return (null, UnknownCode);
        }

        if (!store.IsWithin(bound.Created, CodeMax)
            || !await store.WriteAsync(ControlKinds.OAuthCodes, id, stored.Version, bound with { Used = true },
                OAuthJson.Default.CodeDocument))
        {
            return (null, UnknownCode);
        }

        return await tokens.BeginAsync(id, bound, grant, proofKey);
    }

    private async Task<(TokenAnswer?, OAuthError?)> RefreshAsync(
        HttpContext http, GatewaySnapshot snapshot, OAuthParameters form, OAuthClient client, string? proofKey)
    {
        if (form["refresh_token"] is not { } refresh)
            return (null, OAuthError.InvalidRequest("refresh_token is required."));
        var found = await tokens.FindAsync(refresh, http.RequestAborted);
        if (found is not { } one || one.Family.ClientId != client.Id
            || !refresh.StartsWith(TokenDerivation.RefreshPrefix, StringComparison.Ordinal))
        {
            return (null, UnknownToken);
        }

        // The next tokens are bound to the key of the first ones (RFC 9449, 5).
        if (one.Family.ProofKey != proofKey)
            return (null, OAuthError.InvalidGrant("The refresh token is bound to a key; send a DPoP proof made with "
                + "that key."));
        var (grant, gone) = await grants.FindAsync(one.Grant, one.GrantToken, isNew: false);
        if (grant is null)
            return (null, gone);
        // Check before anything is rotated: a client that requests another server keeps its tokens.
        var resource = grant.OAuth!.IsOfAll ? ResourceNames.All : grant.Servers.Keys.First();
        if (WrongTarget(snapshot, form, resource) is { } target)
            return (null, target);
        var (answer, error, isReuse) = await tokens.RotateAsync(grant, one.Family.Id, refresh, client.Id);
        if (isReuse)
            await record.WriteAsync(http, client.Id, "refresh-reuse", $"grants/{grant.Name}");
        return (answer, error);
    }

    /// <summary>
    /// Returns an error if the request names a resource other than the consented one (RFC 8707). It may omit it.
    /// </summary>
    private static OAuthError? WrongTarget(GatewaySnapshot snapshot, OAuthParameters form, string allowed) =>
        form.Resources switch
        {
            0 => null,
            1 when form["resource"] is { } resource && ResourceNames.ServerOf(snapshot, resource) == allowed => null,
            _ => OAuthError.InvalidTarget("The operator allowed the client for a different resource. Request that "
                + "resource, or sign in again."),
        };
}
