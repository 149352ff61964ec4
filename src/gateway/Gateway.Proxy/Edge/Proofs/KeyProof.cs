using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Proxy.Edge.Issuers;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Proxy.Edge.Proofs;

/// <summary>A proof that its sender holds a private key (DPoP, RFC 9449): its signature is verified.</summary>
internal sealed class KeyProof
{
    /// <summary>The <c>typ</c> of a proof.</summary>
    public const string Type = "dpop+jwt";

    private const int LengthMax = 8192;
    private const int IdLengthMax = 256;

    private readonly JsonElement _claims;

    private KeyProof(JsonElement claims, string thumbprint) => (_claims, Thumbprint) = (claims, thumbprint);

    /// <summary>The thumbprint of the key (RFC 7638).</summary>
    public string Thumbprint { get; }

    /// <summary>The id, unique for each proof of a key.</summary>
    public string Id => MetadataMember.Text(_claims, "jti")!;

    /// <summary>The server's nonce; null for none.</summary>
    public string? Nonce => MetadataMember.Text(_claims, "nonce");

    /// <summary>The time of creation, in Unix milliseconds.</summary>
    public double CreatedMs => TokenRules.Seconds(_claims, "iat")!.Value * 1000;

    /// <summary>
    /// The digest of the body (MCP's DPoP profile, from RFC 9530): null if absent, and no digest if it is not a text.
    /// </summary>
    public string? ContentDigest =>
        _claims.TryGetProperty("content_digest", out _) ? MetadataMember.Text(_claims, "content_digest") ?? "" : null;

    /// <summary>Returns the digest that a proof has for a body.</summary>
    public static string DigestOf(ReadOnlySpan<byte> body) =>
        $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";

    /// <summary>Returns the proof, or the reason why it proves nothing.</summary>
    public static async ValueTask<(KeyProof? Proof, string Why)> ReadAsync(string text)
    {
        if (text.Length > LengthMax || IssuerToken.Parse(text) is not { Token: { } token })
            return (null, $"it is not a JWT signed with one of {string.Join(", ", IssuerToken.Algorithms)}");
        if (TokenRules.TypeOf(token) != Type)
            return (null, $"its type is not {Type} (typ)");
        if (!token.Header.TryGetProperty("jwk", out var jwk) || !IssuerKeys.IsUsable(jwk)
            || jwk.TryGetProperty("d", out _))
        {
            return (null, "it has no RSA or EC public key (jwk)");
        }

        if (MetadataMember.Text(token.Claims, "jti") is not { Length: > 0 and <= IdLengthMax }
            || TokenRules.Seconds(token.Claims, "iat") is null)
        {
            return (null, "it has no id or no time (jti, iat)");
        }

        return KeyIn(jwk) is { } key && key.Fits(kid: null, token.Token.Alg)
            && await IssuerTokens.SignerAsync(token, [key]) is not null
                ? (new KeyProof(token.Claims, key.Thumbprint), "")
                : (null, "its signature is wrong");
    }

    private static IssuerKey? KeyIn(JsonElement jwk)
    {
        try
        {
            return new IssuerKey(new JsonWebKey(jwk.GetRawText()));
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Returns true if the proof is for this method and address (RFC 9449, 4.3).</summary>
    public bool IsFor(string method, string address) =>
        MetadataMember.Text(_claims, "htm") == method
        && MetadataMember.Text(_claims, "htu") is { } target
        && Uri.TryCreate(target, UriKind.Absolute, out var one)
        && Uri.TryCreate(address, UriKind.Absolute, out var other)
        && one.GetLeftPart(UriPartial.Authority) == other.GetLeftPart(UriPartial.Authority)
        && one.AbsolutePath.AsSpan().TrimEnd('/').SequenceEqual(other.AbsolutePath.AsSpan().TrimEnd('/'));

    /// <summary>Returns true if the proof is for this access token.</summary>
    public bool IsFor(ReadOnlySpan<char> token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token.ToArray()));
        return MetadataMember.Text(_claims, "ath") == Base64Url.EncodeToString(hash);
    }
}
