using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Proofs;

/// <summary>Checks proofs that the sender of a request holds the key of its token (DPoP, RFC 9449).</summary>
public sealed class ProofCheck
{
    /// <summary>The header of a proof.</summary>
    public const string Header = "DPoP";

    /// <summary>The header with the nonce for the next proof.</summary>
    public const string NonceHeader = "DPoP-Nonce";

    /// <summary>The largest difference between the time of a proof and that of the gateway.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(5);

    private const string Invalid = "invalid_dpop_proof";
    private const string UseNonce = "use_dpop_nonce";
    private readonly IControlStore _store;
    private readonly ProofNonces _nonces;
    private readonly ProcessClock _clock;

    /// <param name="store">The store of proofs that are accepted once.</param>
    /// <param name="nonces">The nonces of other proofs.</param>
    /// <param name="clock">The clock.</param>
    public ProofCheck(IControlStore store, ProofNonces nonces, ProcessClock clock) =>
        (_store, _nonces, _clock) = (store, nonces, clock);

    /// <summary>
    /// Checks the proof of a call; returns null if the token needs none, or if the proof is right.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="server">The server of the address, or <see cref="ResourceNames.All"/>.</param>
    /// <param name="grant">The grant of the token, with the key to which the token is bound.</param>
    /// <exception cref="ControlStoreException">The store of used proofs cannot be reached.</exception>
    internal async ValueTask<ProofRefusal?> WhyNotAsync(
        HttpContext http, GatewaySnapshot snapshot, string server, GrantModel grant)
    {
        var token = http.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Header + " ", StringComparison.OrdinalIgnoreCase)
                ? header[Header.Length..].Trim(' ') : null;
        if (grant.ProofKey is null)
        {
            return token is not null
                ? new("invalid_token", "the token is not bound to a key; send it as \"Authorization: Bearer <token>\"")
                : grant.Proofs.HasFlag(ProofRules.Required)
                    ? new("invalid_token", "the grant requires tokens that are bound to a key (DPoP)")
                    : null;
        }

        if (token is null)
        {
            return new("invalid_token", "the token is bound to a key (cnf); send it as \"Authorization: DPoP <token>\" "
                + "with a proof in the header DPoP");
        }

        if (ResourceNames.AddressOf(snapshot, http.Request, server) is not { } address)
            return new(Invalid, "proofs are for an address below \"publicUrl\", which is not configured");
        var (proof, refusal) = await ReadAsync(http, address);
        if (proof is null)
            return refusal;
        if (proof.Thumbprint != grant.ProofKey)
            return new(Invalid, "the proof is signed with a key other than the one to which the token is bound (cnf)");
        if (!proof.IsFor(token))
            return new(Invalid, "the proof is for another token (ath)");
        var isPost = HttpMethods.IsPost(http.Request.Method);
        if (isPost && proof.ContentDigest is null && grant.Proofs.HasFlag(ProofRules.ContentDigest))
            return new(Invalid, "the grant requires proofs with the digest of the body (content_digest)");
        var late = grant.Proofs.HasFlag(ProofRules.Once)
            ? await UseAsync(proof) ? null : new ProofRefusal(Invalid, "the proof was used before (jti)")
            : WhyNotFresh(http, proof);
        if (late is null && isPost && proof.ContentDigest is { } digest)
            http.Features.Set(new BodyDigest(digest));
        return late;
    }

    /// <summary>
    /// Checks the proof of a request to the token endpoint; the thumbprint is null for a request without a proof.
    /// </summary>
    public async ValueTask<(string? Thumbprint, ProofRefusal? Refusal)> AtTokenEndpointAsync(
        HttpContext http, OAuthSettings oauth)
    {
        if (!http.Request.Headers.ContainsKey(Header))
            return (null, null);
        var (proof, refusal) = await ReadAsync(http, $"{oauth.Issuer}/token");
        refusal ??= WhyNotFresh(http, proof!);
        return refusal is null ? (proof!.Thumbprint, null) : (null, refusal);
    }

    private async ValueTask<(KeyProof? Proof, ProofRefusal? Refusal)> ReadAsync(HttpContext http, string address)
    {
        if (http.Request.Headers[Header] is not [{ } text])
            return (null, new(Invalid, "the request needs exactly one DPoP header with a proof"));
        var (proof, why) = await KeyProof.ReadAsync(text);
        if (proof is null)
            return (null, new(Invalid, $"the proof is not valid: {why}"));
        if (!proof.IsFor(http.Request.Method, address))
            return (null, new(Invalid, $"the proof is not for {http.Request.Method} {address} (htm, htu)"));
        return Math.Abs(_clock.NowMs() - proof.CreatedMs) > AgeMax.TotalMilliseconds
            ? (null, new(Invalid, "the proof is more than five minutes old, or from the future (iat)"))
            : (proof, null);
    }

    /// <summary>Returns the refusal of a proof without a fresh nonce, and sends the current nonce.</summary>
    private ProofRefusal? WhyNotFresh(HttpContext http, KeyProof proof)
    {
        var current = _nonces.Current();
        if (proof.Nonce != current)
            http.Response.Headers[NonceHeader] = current;
        return _nonces.Accepts(proof.Nonce)
            ? null : new(UseNonce, "the proof needs the nonce of the header DPoP-Nonce");
    }

    private async ValueTask<bool> UseAsync(KeyProof proof)
    {
        var name = TokenHash.Of($"{proof.Thumbprint}\n{proof.Id}").ToString()["sha256:".Length..];
        // Its time may be ahead of this clock, and other frontends have other clocks.
        var until = DateTimeOffset.FromUnixTimeMilliseconds(_clock.NowMs()) + 3 * AgeMax;
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new AssertionDocument(until), OAuthJson.Default.AssertionDocument);
        return (await _store.WriteAsync(
            new ControlKey(ControlKinds.OAuthAssertions, "proof-" + name), 0, content,
            CancellationToken.None)).IsWritten;
    }
}

/// <summary>The reason why a request lacks the proof that its token needs.</summary>
/// <param name="Error">The error code.</param>
/// <param name="Why">The description.</param>
public sealed record ProofRefusal(string Error, string Why);

/// <summary>A request feature: the digest of the body that the proof of the request contains.</summary>
/// <param name="Digest">The digest as written.</param>
internal sealed record BodyDigest(string Digest);
