using System.Buffers.Text;
using System.Numerics;
using System.Text.Json;
using Gateway.Control.Definitions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A JWT by which a client authenticates (RFC 7523): parsed strictly, not yet validated.</summary>
internal sealed class ClientAssertion
{
    /// <summary>The only supported <c>client_assertion_type</c>.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>
    /// Accepted signature algorithms (RFC 7518, 3.1). Neither the framework nor the library supports EdDSA.
    /// </summary>
    public static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384,
    ];

    private const int LengthMax = 8192;
    private const int IdLengthMax = 256;
    private const int KeysMax = 16;
    private const int Skew = 60;
    private const int LifeMax = 600;

    private static readonly JsonWebTokenHandler Handler = new();

    // Clients choose their keys, so a shared cache of them would be theirs to fill.
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };

    private readonly JsonWebToken _token;
    private readonly JsonElement _claims;

    private ClientAssertion(JsonWebToken token, JsonElement claims) => (_token, _claims) = (token, claims);

    /// <summary>The client that the assertion names.</summary>
    public required string Issuer { get; init; }

    /// <summary>The id, unique for each assertion of a client.</summary>
    public required string Id { get; init; }

    /// <summary>The end of validity, Unix seconds.</summary>
    public required long Ends { get; init; }

    /// <summary>Returns null if the text is not an assertion that could be valid.</summary>
    public static ClientAssertion? Parse(string text)
    {
        if (text.Length > LengthMax || text.Split('.') is not [var first, var second, _])
            return null;
        try
        {
            // The library accepts duplicate members, so the two parts are read strictly as well.
            var (header, claims) = (Json(first), Json(second));
            return Algorithms.Contains(Text(header, "alg"), StringComparer.Ordinal)
                && !header.TryGetProperty("crit", out _)
                && Text(claims, "iss") is { Length: > 0 } issuer && Text(claims, "sub") == issuer
                && Text(claims, "jti") is { Length: > 0 and <= IdLengthMax } id && Number(claims, "exp") is { } ends
                    ? new ClientAssertion(new JsonWebToken(text), claims) { Issuer = issuer, Id = id, Ends = ends }
                    : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    /// <summary>Returns true if the assertion is for this server and currently valid.</summary>
    public bool IsFor(string issuer, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        // Some clients write an origin as an address with the path "/".
        return _token.Audiences.Any(one => one == issuer || one == $"{issuer}/" || one == $"{issuer}/token")
            && Ends > seconds && Ends <= seconds + LifeMax + Skew
            && (Number(_claims, "iat") ?? seconds) <= seconds + Skew
            && (Number(_claims, "nbf") ?? seconds) <= seconds + Skew;
    }

    /// <summary>Returns true if one of these keys (RFC 7517, 5) signed the assertion.</summary>
    public async Task<bool> IsSignedByAsync(JsonElement keys)
    {
        if (!keys.TryGetProperty("keys", out var all) || all.ValueKind != JsonValueKind.Array)
            return false;
        var candidates = all.EnumerateArray().Where(static key => key.ValueKind == JsonValueKind.Object)
            .Where(key => _token.Kid is null or "" || Text(key, "kid") is not { } kid || kid == _token.Kid)
            .Take(KeysMax).Where(IsUsable).Select(static key => new JsonWebKey(key.GetRawText())).ToList();
        if (candidates.Count == 0)
            return false;
        var result = await Handler.ValidateTokenAsync(_token, new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidIssuer = Issuer,
            IssuerSigningKeys = candidates,
            TryAllIssuerSigningKeys = true,
            CryptoProviderFactory = Uncached,
            // Checked before the keys are fetched, by the gateway's clock (IsFor).
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        return result.IsValid;
    }

    // The library would verify with RSA keys of 1024 bits, and does not bind a curve to an algorithm.
    private bool IsUsable(JsonElement key) => (_token.Alg, Text(key, "kty"), Text(key, "crv")) switch
    {
        (SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.RsaSsaPssSha256, "RSA", _) =>
            Bits(Text(key, "n")) is >= KeyBounds.RsaBitsMin and <= KeyBounds.RsaBitsMax
                && Bits(Text(key, "e")) <= KeyBounds.RsaExponentBitsMax,
        (SecurityAlgorithms.EcdsaSha256, "EC", "P-256") or (SecurityAlgorithms.EcdsaSha384, "EC", "P-384") => true,
        _ => false,
    };

    private static long Bits(string? number) => number is not null && Base64Url.IsValid(number)
        ? new BigInteger(Base64Url.DecodeFromChars(number), isUnsigned: true, isBigEndian: true).GetBitLength()
        : 0;

    private static JsonElement Json(string part) => JsonElement.Parse(
        Base64Url.DecodeFromChars(part), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false })
        is { ValueKind: JsonValueKind.Object } json ? json : throw new JsonException("The value is not a JSON object.");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number) ? number : null;
}
