using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Control.Definitions;

namespace Gateway.Control.Tests.Definitions;

/// <summary>The forms in which an operator may have a private key.</summary>
public sealed class ClientKeyTests
{
    private static readonly byte[] Data = [1, 2, 3];

    [Theory]
    [InlineData(null, "RS256")]
    [InlineData("PS256", "PS256")]
    public void An_rsa_key_signs_in_each_form(string? algorithm, string expected)
    {
        using var rsa = RSA.Create(2048);
        string[] forms = [rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem(), Jwk(rsa)];

        Assert.All(forms, text =>
        {
            using var key = new ClientKey(text) { Algorithm = algorithm }.Open(out var problem);
            Assert.Null(problem);
            Assert.Equal(expected, key!.Algorithm);
            Assert.True(rsa.VerifyData(
                Data, key.Sign(Data), HashAlgorithmName.SHA256,
                algorithm is null ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss));
        });
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", "P-256", "ES256")]
    [InlineData("1.3.132.0.34", "P-384", "ES384")]
    public void A_key_of_a_curve_signs_in_each_form(string oid, string curve, string expected)
    {
        using var ecdsa = ECDsa.Create(ECCurve.CreateFromValue(oid));
        string[] forms = [ecdsa.ExportPkcs8PrivateKeyPem(), ecdsa.ExportECPrivateKeyPem(), Jwk(ecdsa, curve)];

        Assert.All(forms, text =>
        {
            using var key = new ClientKey(text).Open(out var problem);
            Assert.Null(problem);
            Assert.Equal(expected, key!.Algorithm);
            Assert.True(ecdsa.VerifyData(
                Data, key.Sign(Data), expected == "ES256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384));
        });
    }

    [Fact]
    public void A_jwk_names_its_id_and_algorithm_unless_others_are_set()
    {
        using var rsa = RSA.Create(2048);
        var text = Jwk(rsa, """, "kid": "one", "alg": "PS256", "x5t#S256": "thumb" """);

        using var own = new ClientKey(text).Open(out _);
        using var set = new ClientKey(text) { Id = "two", Algorithm = "RS256" }.Open(out _);

        Assert.Equal(("one", "PS256", "thumb"), (own!.Id, own.Algorithm, own.Thumbprint));
        Assert.Equal(("two", "RS256"), (set!.Id, set.Algorithm));
    }

    [Fact]
    public void The_certificate_of_the_key_is_named_and_that_of_another_key_refused()
    {
        using var rsa = RSA.Create(2048);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=gw", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var issuer = new CertificateRequest("CN=ca", other, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var key = rsa.ExportPkcs8PrivateKeyPem();

        using var opened = new ClientKey($"{issuer.ExportCertificatePem()}\n{own.ExportCertificatePem()}\n{key}")
            .Open(out _);

        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(own.RawData)), opened!.Thumbprint);
        Assert.Null(new ClientKey($"{key}\n{issuer.ExportCertificatePem()}").Open(out var problem));
        Assert.Equal("the certificate beside the private key belongs to another key", problem);
    }

    [Fact]
    public void Refuses_what_cannot_sign_and_never_repeats_it()
    {
        using var rsa = RSA.Create(2048);
        using var weak = RSA.Create(1024);
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        var encrypted = rsa.ExportEncryptedPkcs8PrivateKeyPem(
            "passphrase", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));
        const string form = "this must be one private key without a passphrase, as PEM or JWK: RSA, P-256 or P-384";
        (string Text, string? Algorithm, string Problem)[] cases =
        [
            ("", null, form), ("withheld", null, form), ("{", null, form), ("{}", null, form), ("[1]", null, form),
            (rsa.ExportSubjectPublicKeyInfoPem(), null, form), (encrypted, null, form),
            (rsa.ExportPkcs8PrivateKeyPem() + "\n" + weak.ExportPkcs8PrivateKeyPem(), null, form),
            (wide.ExportPkcs8PrivateKeyPem(), null, form),
            ("""{"kty":"oct","k":"c2VjcmV0"}""", null, form),
            ("""{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}""", null, form),
            (weak.ExportPkcs8PrivateKeyPem(), null, "an RSA key needs at least 2048 bits"),
            (rsa.ExportPkcs8PrivateKeyPem(), "ES256", "the algorithm ES256 does not fit the key"),
            (Jwk(rsa, """, "alg": "HS256" """), null, "the algorithm HS256 does not fit the key"),
        ];

        Assert.All(cases, one =>
        {
            Assert.Null(new ClientKey(one.Text) { Algorithm = one.Algorithm }.Open(out var problem));
            Assert.Equal(one.Problem, problem);
        });
        Assert.DoesNotContain("PRIVATE", new ClientKey(rsa.ExportPkcs8PrivateKeyPem()).ToString());
    }

    private static string Jwk(RSA key, string more = "")
    {
        var of = key.ExportParameters(includePrivateParameters: true);
        return $$"""
            { "kty": "RSA", "n": "{{Text(of.Modulus)}}", "e": "{{Text(of.Exponent)}}", "d": "{{Text(of.D)}}",
              "p": "{{Text(of.P)}}", "q": "{{Text(of.Q)}}", "dp": "{{Text(of.DP)}}", "dq": "{{Text(of.DQ)}}",
              "qi": "{{Text(of.InverseQ)}}" {{more}} }
            """;
    }

    private static string Jwk(ECDsa key, string curve)
    {
        var of = key.ExportParameters(includePrivateParameters: true);
        return $$"""
            { "kty": "EC", "crv": "{{curve}}", "x": "{{Text(of.Q.X)}}", "y": "{{Text(of.Q.Y)}}", "d": "{{Text(of.D)}}" }
            """;
    }

    private static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);
}
