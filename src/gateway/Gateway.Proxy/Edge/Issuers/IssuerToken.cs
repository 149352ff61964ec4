using System.Buffers.Text;
using System.Text.Json;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>A JWT that an issuer may have signed (RFC 7519): parsed strictly, not yet verified.</summary>
internal sealed class IssuerToken
{
    /// <summary>The maximum size of the claims.</summary>
    public const int ClaimsBytesMax = 64 * 1024;

    /// <summary>
    /// Asymmetric algorithms (RFC 7518, 3.1). Anybody could sign with HS256 and a public key as the secret.
    /// </summary>
    public static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private const int HeaderBytesMax = 4096;
    private const int DepthMax = 32;
    private const int SignedParts = 3;
    private const int EncryptedParts = 5;

    private IssuerToken(JsonWebToken token, JsonElement header, JsonElement claims, byte[] claimsUtf8) =>
        (Token, Header, Claims, ClaimsUtf8) = (token, header, claims, claimsUtf8);

    /// <summary>The token for the verification of its signature.</summary>
    public JsonWebToken Token { get; }

    /// <summary>The header, an object.</summary>
    public JsonElement Header { get; }

    /// <summary>The claims, an object.</summary>
    public JsonElement Claims { get; }

    /// <summary>The claims as signed.</summary>
    public byte[] ClaimsUtf8 { get; }

    /// <summary>Returns true if a bearer token has the form of a JWT: a JSON object in base64url, and a dot.</summary>
    public static bool LooksLike(ReadOnlySpan<char> token) => token.StartsWith("eyJ") && token.Contains('.');

    /// <summary>Returns the token, or the reason why no token of this form is accepted.</summary>
    public static (IssuerToken? Token, string Why) Parse(string text)
    {
        var parts = text.Split('.');
        if (parts.Length == EncryptedParts)
            return (null, "the token is encrypted (JWE); let the issuer send signed access tokens");
        if (parts.Length != SignedParts)
            return (null, "the token is not a JWT of three parts");
        if (Base64Url.GetMaxDecodedLength(parts[0].Length) > HeaderBytesMax + 2)
            return (null, $"the token's header has more than {HeaderBytesMax} bytes");
        if (Base64Url.GetMaxDecodedLength(parts[1].Length) > ClaimsBytesMax + 2)
            return (null, $"the token's claims have more than {ClaimsBytesMax} bytes");
        try
        {
            // The library accepts duplicate members, of which two programs may read different ones.
            var claimsUtf8 = Base64Url.DecodeFromChars(parts[1]);
            var (header, claims) = (Json(Base64Url.DecodeFromChars(parts[0])), Json(claimsUtf8));
            return WhyNot(header) is { } why
                ? (null, why) : (new IssuerToken(new JsonWebToken(text), header, claims, claimsUtf8), "");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or SecurityTokenException)
        {
            return (null, "the token is not a JWT that can be read");
        }
    }

    private static string? WhyNot(JsonElement header)
    {
        var algorithm = MetadataMember.Text(header, "alg");
        if (!Algorithms.Contains(algorithm, StringComparer.Ordinal))
            return $"the token is signed with {Shown(algorithm)}; let the issuer sign with RS256, PS256 or ES256";
        if (header.TryGetProperty("crit", out _))
            return "the token's header has an extension that must be understood (crit)";
        return MetadataMember.Text(header, "cty") is { } content
            && content.EndsWith("JWT", StringComparison.OrdinalIgnoreCase)
            ? "the token contains another token (nested JWT)" : null;
    }

    private static string Shown(string? algorithm) => algorithm switch
    {
        "none" => "no key (alg \"none\")",
        "HS256" or "HS384" or "HS512" => $"a shared secret ({algorithm})",
        _ => "an unsupported algorithm",
    };

    private static JsonElement Json(byte[] utf8) => JsonElement.Parse(
        utf8, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false })
        is { ValueKind: JsonValueKind.Object } json ? json : throw new JsonException("The value is not a JSON object.");
}
