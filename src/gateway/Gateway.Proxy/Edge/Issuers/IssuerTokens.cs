using System.Text;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// Verifies the access tokens of issuers, and those of the gateway that contain their caller. Results are kept by the
/// token's hash until the token expires, the issuer's settings change or its key is gone.
/// </summary>
public sealed class IssuerTokens
{
    private static readonly JsonWebTokenHandler Handler = new();
    private readonly KeptCallers _kept = new();
    private readonly OpenCallers _open = new();
    private readonly SnapshotHolder _snapshots;
    private readonly IssuerKeys _keys;
    private readonly TokenSealer _sealer;
    private readonly RecordedSubjects _subjects;
    private readonly CertificateCallers _certificates;
    private readonly ProcessClock _clock;

    internal IssuerTokens(
        SnapshotHolder snapshots, IssuerKeys keys, TokenSealer sealer, RecordedSubjects subjects,
        CertificateCallers certificates, ProcessClock clock)
    {
        (_snapshots, _keys, _sealer) = (snapshots, keys, sealer);
        (_subjects, _certificates, _clock) = (subjects, certificates, clock);
    }

    /// <summary>
    /// Returns the caller of a token that was verified before and is still valid; null if it must be verified.
    /// </summary>
    internal CallerIdentity? Find(TokenHash token, GatewaySnapshot snapshot) =>
        _kept.Find(token) is { } kept && IsGood(kept, snapshot, _clock.NowMs()) ? kept : null;

    /// <summary>Returns the caller of a token of the gateway; null if it is not valid now.</summary>
    internal CallerIdentity? Open(ReadOnlySpan<char> text, TokenHash hash, GatewaySnapshot snapshot)
    {
        if (_sealer.Open(text) is not { } content || IdentityOf(content, snapshot) is not { } identity
            || !IsGood(identity, snapshot, _clock.NowMs()))
        {
            return null;
        }

        _kept.Keep(hash, identity);
        return identity;
    }

    /// <summary>
    /// Returns the grant that a token of the gateway would reach now; null if it would reach none.
    /// </summary>
    public GrantModel? GrantOf(SealedCaller content, GatewaySnapshot snapshot) =>
        IdentityOf(content, snapshot) is { } identity && IsGood(identity, snapshot, _clock.NowMs())
        && identity.GrantIn(snapshot) is { } grant && !grant.IsExpired(_clock.NowMs()) ? grant : null;

    /// <summary>Verifies a token. Its audience is checked where the address is known.</summary>
    /// <exception cref="IssuerException">The issuer's keys are unavailable.</exception>
    internal async ValueTask<(CallerIdentity? Caller, string Why)> VerifyAsync(
        string text, TokenHash hash, GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        var (token, why) = IssuerToken.Parse(text);
        if (token is null)
            return (null, why);
        if (MetadataMember.Text(token.Claims, "iss") is not { } iss
            || snapshot.Callers.Find(iss) is not { Certificates: null } issuer)
        {
            return (null, MetadataMember.Text(token.Claims, "iss") is { } other
                ? $"no configured issuer has the token's iss, {Printable.Of(other)}" : "the token has no iss");
        }

        if (TokenRules.WhyNot(token, issuer, _clock.NowMs()) is { } wrong)
            return (null, $"{wrong}; its issuer is {issuer.Name}");
        var (key, hasKeys) = await SignerAsync(token, issuer, _keys, cancellationToken);
        if (key is null)
        {
            return (null, !hasKeys ? $"the issuer {issuer.Name} does not publish the key that the token names"
                : $"no key of the issuer {issuer.Name} verifies the signature of the token");
        }

        var (caller, whyNone) = TokenRules.CallerOf(token.Claims, token.ClaimsUtf8, issuer);
        if (caller is null)
            return (null, $"{whyNone}; its issuer is {issuer.Name}");
        var identity = new CallerIdentity(issuer, _subjects.Apply(issuer.Issuer, caller))
        {
            DigestOf = _subjects.DigestOf,
            Audiences = TokenRules.Audiences(token.Claims),
            Key = key.Thumbprint,
            ProofKey = TokenRules.KeyOf(token.Claims),
            Certificate = TokenRules.CertificateOf(token.Claims),
            UntilMs = TokenRules.UntilMs(token),
        };
        _kept.Keep(hash, identity);
        return (identity, "");
    }

    /// <summary>Returns true if a token is for the requested address.</summary>
    /// <param name="caller">The caller of a verified token.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="request">The request.</param>
    /// <param name="server">The server of the address, or <see cref="ResourceNames.All"/>.</param>
    internal static bool IsForAddress(
        CallerIdentity caller, GatewaySnapshot snapshot, HttpRequest request, string server)
    {
        if (caller.Resource is { } resource)
            return resource == server;
        var only = caller.Issuer.Audience;
        if ((only ?? ResourceNames.AddressOf(snapshot, request, server)) is not { } expected)
            return false;
        foreach (var audience in caller.Audiences.AsSpan())
        {
            if (only is null ? audience.AsSpan().TrimEnd('/').SequenceEqual(expected) : audience == expected)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns the caller's grant at this instant, with the streams of its token; null if it is no longer the grant of
    /// the token.
    /// </summary>
    internal GrantModel? Current(GrantModel grant, long nowMs)
    {
        if (grant.Identity is not { } caller || Find(caller, grant.Name, nowMs) is not { } now)
            return null;
        // An entry that exists notifies its streams when it ends.
        if (_open.Find(caller, now, nowMs) is { } known)
            return known;
        var added = _open.Add(caller, now, nowMs);
        // If the token ended just now, its end may have been processed before this entry existed.
        return Find(caller, grant.Name, nowMs) is null ? null : added;
    }

    /// <summary>
    /// Returns the caller of an earlier request, whose token may have expired; null if its issuer or the key of its
    /// token is gone, or the claims no longer name a subject.
    /// </summary>
    /// <param name="stored">The caller.</param>
    /// <param name="untilMs">The time until which the result is used, in Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait for keys of the issuer.</param>
    /// <exception cref="IssuerException">The issuer's keys are unavailable.</exception>
    internal async ValueTask<CallerIdentity?> RestoreAsync(
        StoredCaller stored, long untilMs, CancellationToken cancellationToken)
    {
        if (stored is not { Issuer: { } iss, Claims: { } text }
            || IssuerOf(iss, stored.Key, _snapshots.Current) is not { } issuer)
        {
            return null;
        }

        // A frontend that has just started knows no keys yet.
        if (stored.Key is not null && issuer.Certificates is null)
            await _keys.FindAsync(issuer, kid: null, "", cancellationToken);
        var claims = Encoding.UTF8.GetBytes(text);
        return TokenRules.CallerOf(JsonElement.Parse(claims), claims, issuer).Caller is not { } caller
            ? null
            : new CallerIdentity(issuer, _subjects.Apply(issuer.Issuer, caller))
            {
                DigestOf = _subjects.DigestOf,
                Audiences = [],
                Key = stored.Key,
                ClientCredentials = stored.ClientCredentials,
                UntilMs = untilMs,
            };
    }

    /// <summary>
    /// Closes everything that is open under tokens that are no longer valid or no longer select the grant, and of
    /// callers that an operator has stopped. Removes expired tokens.
    /// </summary>
    internal async Task EndGoneAsync()
    {
        var nowMs = _clock.NowMs();
        _kept.Trim(_snapshots.Current, nowMs);
        await _open.EndAsync((caller, grant) => Find(caller, grant, nowMs) is null);
    }

    private GrantModel? Find(CallerIdentity caller, string grant, long nowMs)
    {
        var snapshot = _snapshots.Current;
        return IsGood(caller, snapshot, nowMs) && snapshot.Pauses.OfCaller(caller, nowMs) is null
            && caller.GrantIn(snapshot) is { } now && now.Name == grant ? now : null;
    }

    private bool IsGood(CallerIdentity caller, GatewaySnapshot snapshot, long nowMs) =>
        nowMs < caller.UntilMs && IssuerOf(caller.Issuer.Issuer, caller.Key, snapshot) is { } issuer
        && (ReferenceEquals(issuer, caller.Issuer) || issuer.VerifiesLike(caller.Issuer))
        && (caller.Key is not { } key ? HasCredentials(caller, snapshot.OAuth!)
            : issuer.Certificates is null ? _keys.IsTrusted(issuer, key) : _certificates.IsTrusted(issuer, key));

    /// <summary>Returns the current settings of an issuer, or those for the gateway's own tokens.</summary>
    private static IssuerSettings? IssuerOf(string issuer, string? key, GatewaySnapshot snapshot) =>
        key is not null ? snapshot.Callers.Find(issuer)
        : snapshot.OAuth is not { } oauth ? null
        : oauth.Issuer == issuer ? oauth.AsIssuer
        : snapshot.Callers.Find(issuer) is { } found && (found.AcceptsIdJag || found.AcceptsWorkloads) ? found : null;

    /// <summary>Returns true if a configured client that obtained a token still has the same credentials.</summary>
    private static bool HasCredentials(CallerIdentity caller, OAuthSettings oauth) =>
        caller.ClientCredentials is not { } credentials
        || (caller.Caller.Client is { } client && oauth.Clients.TryGetValue(client, out var current)
            && current.Credentials == credentials);

    private CallerIdentity? IdentityOf(SealedCaller content, GatewaySnapshot snapshot)
    {
        if (MetadataMember.Text(content.Claims, "iss") is not { } iss
            || IssuerOf(iss, key: null, snapshot) is not { } issuer
            || TokenRules.CallerOf(content.Claims, Encoding.UTF8.GetBytes(content.Claims.GetRawText()), issuer)
                is not { Caller: { } caller })
        {
            return null;
        }

        return new CallerIdentity(issuer, _subjects.Apply(issuer.Issuer, caller))
        {
            DigestOf = _subjects.DigestOf,
            Audiences = [],
            Resource = content.Resource,
            ClientCredentials = content.Credentials,
            ProofKey = content.ProofKey,
            UntilMs = content.UntilMs,
        };
    }

    /// <summary>
    /// Returns the key of the issuer that signed a token, null if none did; and whether there are keys that may have.
    /// </summary>
    /// <exception cref="IssuerException">The issuer's keys are unavailable.</exception>
    internal static async Task<(IssuerKey? Key, bool HasKeys)> SignerAsync(
        IssuerToken token, IssuerSettings issuer, IssuerKeys keys, CancellationToken cancellationToken)
    {
        var known = await keys.FindAsync(issuer, KidOf(token), token.Token.Alg, cancellationToken);
        if (await SignerAsync(token, known) is { } key)
            return (key, true);
        // Keys need no id, and a new one may have the id of an old one.
        var all = await keys.FindAsync(issuer, KidOf(token), token.Token.Alg, cancellationToken, isUnknown: true);
        var added = all.ExceptBy(known.Select(static one => one.Thumbprint), static one => one.Thumbprint);
        return (await SignerAsync(token, [.. added]), all.Count > 0);
    }

    /// <summary>Returns the key that a token names; null if it names none.</summary>
    private static string? KidOf(IssuerToken token) => token.Token.Kid is { Length: > 0 } kid ? kid : null;

    /// <summary>Returns the key that signed a token; null if none of these did.</summary>
    internal static async Task<IssuerKey?> SignerAsync(IssuerToken token, IReadOnlyList<IssuerKey> keys)
    {
        foreach (var key in keys)
        {
            var result = await Handler.ValidateTokenAsync(token.Token, new TokenValidationParameters
            {
                ValidAlgorithms = IssuerToken.Algorithms,
                IssuerSigningKey = key.Key,
                RequireSignedTokens = true,
                // Checked by the gateway's rules and clock, with a reason for each.
                ValidateIssuer = false,
                ValidateAudience = false,
                ValidateLifetime = false,
            });
            if (result.IsValid)
                return key;
        }

        return null;
    }
}
