using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>A JWT by which a client proves to be itself (RFC 7523), taken apart and not yet believed.</summary>
internal sealed class ClientAssertion
{
    /// <summary>The only kind there is.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int LengthMax = 8192;
    private const int IdLengthMax = 256;
    private const int Skew = 60;
    private const int LifeMax = 600;

    private byte[] _signed = [];
    private byte[] _signature = [];
    private JsonElement _header;
    private JsonElement _claims;

    /// <summary>The client that it says it is of.</summary>
    public string Issuer { get; private init; } = "";

    /// <summary>What makes it another one than the last.</summary>
    public string Id { get; private init; } = "";

    /// <summary>When it ends, Unix seconds.</summary>
    public long Ends { get; private init; }

    /// <summary>Null where it is none that could hold.</summary>
    public static ClientAssertion? Parse(string text)
    {
        var parts = text.Split('.');
        if (text.Length > LengthMax || parts.Length != 3)
            return null;
        try
        {
            var (header, claims) = (Json(parts[0]), Json(parts[1]));
            return Text(header, "alg") is "RS256" or "ES256" && !header.TryGetProperty("crit", out _)
                && Text(claims, "iss") is { Length: > 0 } issuer && Text(claims, "sub") == issuer
                && Text(claims, "jti") is { Length: > 0 and <= IdLengthMax } id && Number(claims, "exp") is { } ends
                    ? new ClientAssertion
                    {
                        Issuer = issuer,
                        Id = id,
                        Ends = ends,
                        _header = header,
                        _claims = claims,
                        _signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                        _signature = Base64Url.DecodeFromChars(parts[2]),
                    }
                    : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whether it is for this server, and of now.</summary>
    public bool IsFor(string issuer, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        string?[] audience = !_claims.TryGetProperty("aud", out var aud) ? []
            : aud.ValueKind == JsonValueKind.Array
                ? [.. aud.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String)
                    .Select(static one => one.GetString())]
                : [Text(_claims, "aud")];
        return audience.Any(one => one == issuer || one == $"{issuer}/token")
            && Ends > seconds && Ends <= seconds + LifeMax + Skew
            && (Number(_claims, "iat") ?? seconds) <= seconds + Skew
            && (Number(_claims, "nbf") ?? seconds) <= seconds + Skew;
    }

    /// <summary>Whether one of these keys signed it.</summary>
    public bool IsSignedBy(JsonElement keys)
    {
        if (!keys.TryGetProperty("keys", out var all) || all.ValueKind != JsonValueKind.Array)
            return false;
        var wanted = Text(_header, "kid");
        return all.EnumerateArray().Where(static key => key.ValueKind == JsonValueKind.Object)
            .Where(key => wanted is null || Text(key, "kid") is not { } kid || kid == wanted)
            .Take(16).Any(IsSignedByOne);
    }

    private bool IsSignedByOne(JsonElement key)
    {
        try
        {
            return (Text(_header, "alg"), Text(key, "kty")) switch
            {
                ("RS256", "RSA") => IsRsa(key),
                ("ES256", "EC") when Text(key, "crv") == "P-256" => IsEc(key),
                _ => false,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    private bool IsRsa(JsonElement key)
    {
        using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.KeySize is >= 2048 and <= 8192
            && rsa.VerifyData(_signed, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private bool IsEc(JsonElement key)
    {
        using var ec = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") },
        });
        return ec.VerifyData(_signed, _signature, HashAlgorithmName.SHA256);
    }

    private static JsonElement Json(string part) => JsonElement.Parse(
        Base64Url.DecodeFromChars(part), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false })
        is { ValueKind: JsonValueKind.Object } json ? json : throw new JsonException("It is no object.");

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(Text(key, name) ?? "");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number) ? number : null;
}
