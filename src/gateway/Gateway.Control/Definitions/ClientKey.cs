using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Gateway.Control.Definitions;

/// <summary>The private key with which the gateway identifies itself at an authorization server.</summary>
/// <param name="Text">The key as PEM, perhaps with its certificate, or as JWK.</param>
public sealed record ClientKey(string Text)
{
    /// <summary>Stands for a key that is not at hand while the rest of a server is read; it never signs.</summary>
    public const string Withheld = "withheld";

    /// <summary>The <c>kid</c>; null for the one of a JWK.</summary>
    public string? Id { get; init; }

    /// <summary>The algorithm; null for the one of a JWK, or the usual one of the key.</summary>
    public string? Algorithm { get; init; }

    /// <summary>True if assertions are for the token endpoint, false if they are for the issuer.</summary>
    public bool IsForEndpoint { get; init; }

    /// <summary>Returns the key; null with the reason if it cannot sign.</summary>
    public OpenedClientKey? Open(out string? problem)
    {
        AsymmetricAlgorithm key;
        JsonElement? jwk = null;
        try
        {
            if (Text.AsSpan().TrimStart().StartsWith("{"))
                jwk = JsonElement.Parse(Text);
            key = jwk is { } json ? OfJwk(json) : OfPem(Text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException or JsonException)
        {
            // The reader's message is omitted, because it may quote the key.
            problem = "this must be one private key without a passphrase, as PEM or JWK: RSA, P-256 or P-384";
            return null;
        }

        string[] fitting = key is RSA ? ["RS256", "PS256"] : key.KeySize == 256 ? ["ES256"] : ["ES384"];
        var algorithm = Algorithm ?? Member(jwk, "alg") ?? fitting[0];
        problem = key is RSA && key.KeySize < KeyBounds.RsaBitsMin
            ? $"an RSA key needs at least {KeyBounds.RsaBitsMin} bits"
            : !fitting.Contains(algorithm) ? $"the algorithm {algorithm} does not fit the key"
            : null;
        var thumbprint = Member(jwk, "x5t#S256");
        if (problem is null && jwk is null && !TryFindCertificate(key, out thumbprint))
            problem = "the certificate beside the private key belongs to another key";
        if (problem is null)
            return new OpenedClientKey(key, algorithm, Id ?? Member(jwk, "kid"), thumbprint);
        key.Dispose();
        return null;
    }

    private static AsymmetricAlgorithm OfPem(string text)
    {
        // A public key is read as well, but signs nothing.
        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new CryptographicException();
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(text);
            return rsa;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
        }

        var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(text);
        return Supported(ecdsa);
    }

    private static AsymmetricAlgorithm OfJwk(JsonElement jwk)
    {
        if (Member(jwk, "kty") == "RSA")
        {
            return RSA.Create(new RSAParameters
            {
                Modulus = Bytes("n"),
                Exponent = Bytes("e"),
                D = Bytes("d"),
                P = Bytes("p"),
                Q = Bytes("q"),
                DP = Bytes("dp"),
                DQ = Bytes("dq"),
                InverseQ = Bytes("qi"),
            });
        }

        return Supported(ECDsa.Create(new ECParameters
        {
            Curve = Member(jwk, "crv") == "P-384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256,
            D = Bytes("d"),
            Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") },
        }));

        byte[] Bytes(string member) =>
            Base64Url.DecodeFromChars(Member(jwk, member) ?? throw new FormatException());
    }

    private static ECDsa Supported(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve.Oid;
        if (curve.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            || curve.Value == ECCurve.NamedCurves.nistP384.Oid.Value)
            return key;
        key.Dispose();
        throw new CryptographicException();
    }

    // A PEM often has a chain, of which one certificate is the key's own.
    private bool TryFindCertificate(AsymmetricAlgorithm key, out string? thumbprint)
    {
        thumbprint = null;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Text);
            var own = certificates.FirstOrDefault(one =>
                one.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()));
            if (own is not null)
                thumbprint = Base64Url.EncodeToString(own.GetCertHash(HashAlgorithmName.SHA256));
            return own is not null || certificates.Count == 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    private static string? Member(JsonElement? jwk, string name) =>
        jwk is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // The generated method would print the key.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Id = ").Append(Id);
        return true;
    }
}

/// <summary>A private key that signs.</summary>
/// <param name="key">The key, which this object disposes.</param>
/// <param name="algorithm">The algorithm (RFC 7518, 3.1).</param>
/// <param name="id">The <c>kid</c>; null for none.</param>
/// <param name="thumbprint">The <c>x5t#S256</c> of its certificate; null for none.</param>
public sealed class OpenedClientKey(AsymmetricAlgorithm key, string algorithm, string? id, string? thumbprint)
    : IDisposable
{
    /// <summary>The algorithm (RFC 7518, 3.1).</summary>
    public string Algorithm => algorithm;

    /// <summary>The <c>kid</c>; null for none.</summary>
    public string? Id => id;

    /// <summary>The <c>x5t#S256</c> of its certificate; null for none.</summary>
    public string? Thumbprint => thumbprint;

    /// <summary>Returns the signature in the form of JWS (RFC 7515).</summary>
    public byte[] Sign(byte[] data) => key is RSA rsa
        ? rsa.SignData(data, HashAlgorithmName.SHA256,
            algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
        : ((ECDsa)key).SignData(
            data, algorithm == "ES384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256);

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
