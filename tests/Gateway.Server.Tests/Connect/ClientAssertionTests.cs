using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gateway.Server.Tests.Connect;

/// <summary>Clients that sign who they are (<c>private_key_jwt</c>), as ChatGPT does.</summary>
public sealed class ClientAssertionTests : IAsyncLifetime, IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _short = RSA.Create(1024);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _ec384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private ConnectBench _bench = null!;
    private string _client = "";

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync();
        var (status, json) = await _bench.RegisterAsync(new JsonObject
        {
            ["client_name"] = "ChatGPT",
            ["redirect_uris"] = new JsonArray(ConnectBench.Redirect),
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = new JsonObject
            {
                ["keys"] = new JsonArray(
                    Key("r", _rsa), Key("short", _short), Key("ES256", "P-256", _ec), Key("ES384", "P-384", _ec384)),
            },
        });
        Assert.True(status == 201, json.ToJsonString());
        _client = (string)json["client_id"]!;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    public void Dispose()
    {
        _rsa.Dispose();
        _short.Dispose();
        _ec.Dispose();
        _ec384.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    public async Task ChatGPT_gets_tokens_by_an_assertion_and_by_none_twice(string algorithm)
    {
        var pkce = new Pkce();
        var code = (await _bench.AllowAsync(_client, pkce))["code"];
        (string, string?)[] form =
        [
            ("grant_type", "authorization_code"), ("client_id", _client), ("code", code),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier),
        ];
        Assert.Equal((401, "invalid_client"), Error(await _bench.TokenAsync(form)));

        var assertion = Sign(Claims(), algorithm);
        var tokens = await _bench.TokenAsync([.. form, .. Proof(assertion)]);
        Assert.Equal(200, tokens.Status);

        var refresh = (string?)tokens.Json["refresh_token"];
        (string, string?)[] again = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        Assert.Equal((401, "invalid_client"), Error(await _bench.TokenAsync([.. again, .. Proof(assertion)])));
        Assert.Equal(200, (await _bench.TokenAsync([.. again, .. Proof(Sign(Claims(), algorithm))])).Status);
    }

    [Fact]
    public async Task What_is_not_signed_by_the_client_for_this_server_now_proves_nothing()
    {
        using var other = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string[] wrong =
        [
            "", "a.b", "a.b.c", "e30.e30.e30",
            Sign(Claims(), "none"), Sign(Claims(), "HS256"), Sign(Claims(), "RS256", other),
            Sign(Claims(), "RS384"), Sign(Claims(), "RS256", _short, "short"), Sign(Claims(), "PS256", _short, "short"),
            // A curve belongs to one algorithm.
            Sign(Claims(), "ES256", kid: "ES384"), Sign(Claims(), "ES384", kid: "ES256"),
            Sign(Claims(), "RS256", kid: "ES256"), Sign(Claims(), "RS256", kid: "unknown"),
            // An extension that must be understood, and members that occur twice.
            Sign(Claims(), "RS256", header: """{"alg":"RS256","kid":"r","crit":["b64"],"b64":true}"""),
            Sign(Claims(), "RS256", header: """{"alg":"RS256","alg":"RS256","kid":"r"}"""),
            Sign(Claims().ToJsonString().Replace("{", $$"""{"iss":"{{_client}}",""", StringComparison.Ordinal), "RS256"),
            Sign(Claims(("aud", "https://other.example.com")), "RS256"), Sign(Claims(("aud", null)), "RS256"),
            Sign(Claims(("sub", "somebody")), "RS256"), Sign(Claims(("iss", "somebody")), "RS256"),
            Sign(Claims(("exp", now - 1)), "RS256"), Sign(Claims(("exp", now + 3600)), "RS256"),
            Sign(Claims(("exp", null)), "RS256"), Sign(Claims(("nbf", now + 3600)), "RS256"),
            Sign(Claims(("jti", null)), "RS256"), Sign(Claims(("jti", "")), "RS256"),
            Sign(Claims(), "RS256")[..^4] + "AAAA",
        ];

        foreach (var assertion in wrong)
        {
            var refused = await _bench.TokenAsync(
                [("grant_type", "refresh_token"), ("refresh_token", "none"), .. Proof(assertion)]);
            Assert.Equal((401, "invalid_client"), Error(refused));
        }

        var right = await _bench.TokenAsync(
            [("grant_type", "refresh_token"), ("refresh_token", "none"), .. Proof(Sign(Claims(), "RS256"))]);
        Assert.Equal((400, "invalid_grant"), Error(right));
    }

    private static (int, string?) Error((int Status, JsonNode Json) answer) =>
        (answer.Status, (string?)answer.Json["error"]);

    private static (string, string?)[] Proof(string assertion) =>
    [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];

    private JsonObject Claims(params (string Name, JsonNode? Value)[] changes)
    {
        var claims = new JsonObject
        {
            ["iss"] = _client,
            ["sub"] = _client,
            ["aud"] = ConnectBench.Issuer,
            ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 300,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value;
        }

        return claims;
    }

    private static JsonObject Key(string id, RSA key)
    {
        var rsa = key.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["kid"] = id,
            ["n"] = Base64Url.EncodeToString(rsa.Modulus),
            ["e"] = Base64Url.EncodeToString(rsa.Exponent),
        };
    }

    private static JsonObject Key(string id, string curve, ECDsa key)
    {
        var ec = key.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "EC",
            ["kid"] = id,
            ["crv"] = curve,
            ["x"] = Base64Url.EncodeToString(ec.Q.X),
            ["y"] = Base64Url.EncodeToString(ec.Q.Y),
        };
    }

    private string Sign(
        JsonObject claims, string algorithm, RSA? rsa = null, string? kid = null, string? header = null) =>
        Sign(claims.ToJsonString(), algorithm, rsa, kid, header);

    private string Sign(
        string claims, string algorithm, RSA? rsa = null, string? kid = null, string? header = null)
    {
        var id = kid ?? (algorithm.StartsWith("ES", StringComparison.Ordinal) ? algorithm : "r");
        var text = $"{Part(header ?? $$"""{"alg":"{{algorithm}}","kid":"{{id}}"}""")}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        var key = rsa ?? _rsa;
        var signature = algorithm switch
        {
            "RS256" => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "RS384" => key.SignData(bytes, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            "PS256" => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => (id == "ES384" ? _ec384 : _ec).SignData(bytes, HashAlgorithmName.SHA256),
            "ES384" => (id == "ES256" ? _ec : _ec384).SignData(bytes, HashAlgorithmName.SHA384),
            // The public key as if it were a secret that both know.
            "HS256" => HMACSHA256.HashData(_rsa.ExportParameters(false).Modulus!, bytes),
            _ => [],
        };
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
