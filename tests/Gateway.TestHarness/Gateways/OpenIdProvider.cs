using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Gateway.TestHarness.Gateways;

/// <summary>
/// An OpenID Connect provider on loopback for what no certified provider sends or shows: faults, tokens of unusual
/// forms, and the number of fetches. Everything else runs against <see cref="CompanyProvider"/>.
/// </summary>
public sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "gateway";
    public const string ClientSecret = "the-secret-of-the-gateway";
    private readonly RSA _other = NewKey();
    private RSA _key = NewKey();
    private int _keyNumber = 1;
    private int _keysAsked;
    private int _discoveries;
    private readonly ConcurrentDictionary<string, Dictionary<string, string>> _codes = new();
    private readonly ConcurrentDictionary<string, JsonObject> _tokens = new();
    private LoopbackServer _server = null!;

    private OpenIdProvider()
    {
    }

    /// <summary>The issuer identifier.</summary>
    public string Issuer => _server.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>The person who is signed in at the provider.</summary>
    public JsonObject Person { get; set; } = Somebody("s-1", "ana");

    /// <summary>The injected fault; null if there is none.</summary>
    public string? Fault { get; set; }

    /// <summary>The number of times that the key set was fetched.</summary>
    public int KeysAsked => Volatile.Read(ref _keysAsked);

    /// <summary>The number of times that the discovery document was fetched.</summary>
    public int Discoveries => Volatile.Read(ref _discoveries);

    /// <summary>Signs with a new key from now on, and publishes only that one.</summary>
    public void RotateKey()
    {
        _key.Dispose();
        _key = NewKey();
        _keyNumber++;
    }

    public static async Task<OpenIdProvider> StartAsync()
    {
        var provider = new OpenIdProvider();
        provider._server = await LoopbackServer.StartAsync(provider.AnswerAsync);
        return provider;
    }

    public static JsonObject Somebody(string subject, string name, params string[] groups) => new()
    {
        ["sub"] = subject,
        ["name"] = $"The person {name}",
        ["preferred_username"] = name,
        ["email"] = $"{name}@example.com",
        ["groups"] = new JsonArray([.. groups.Select(static group => (JsonNode)group)]),
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
        _other.Dispose();
    }

    private Task DiscoverAsync(HttpContext http)
    {
        Interlocked.Increment(ref _discoveries);
        return SayAsync(http, Fault == "discovery" ? 503 : 200, new()
        {
            ["issuer"] = Fault == "issuer" ? "https://other.example.com" : Issuer,
            ["authorization_endpoint"] = $"{Issuer}/authorize",
            ["token_endpoint"] = $"{Issuer}/token",
            ["userinfo_endpoint"] = $"{Issuer}/userinfo",
            ["jwks_uri"] = $"{Issuer}/keys",
            ["authorization_response_iss_parameter_supported"] = true,
            ["subject_types_supported"] = new JsonArray("public"),
        });
    }

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => DiscoverAsync(http),
        "/authorize" => AuthorizeAsync(http),
        "/keys" => KeysAsync(http),
        "/token" => TokenAsync(http),
        "/userinfo" => UserInfoAsync(http),
        _ => SayAsync(http, 404, []),
    };

    private Task AuthorizeAsync(HttpContext http)
    {
        var asked = http.Request.Query.ToDictionary(static one => one.Key, static one => one.Value.Single()!);
        if (asked["client_id"] != ClientId || asked["response_type"] != "code"
            || !asked["scope"].Split(' ').Contains("openid") || asked["code_challenge_method"] != "S256"
            || asked["code_challenge"].Length != 43 || asked["nonce"].Length < 16)
        {
            return SayAsync(http, 400, []);
        }

        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = asked;
        var answer = Fault == "denied" ? "error=access_denied" : $"code={code}";
        var issuer = Fault == "mix-up" ? "https://other.example.com" : Issuer;
        http.Response.Redirect($"{asked["redirect_uri"]}?{answer}&state={Uri.EscapeDataString(asked["state"])}"
            + $"&iss={Uri.EscapeDataString(issuer)}");
        return Task.CompletedTask;
    }

    private async Task TokenAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        if (Fault == "token" || form["client_id"] != ClientId || form["client_secret"] != ClientSecret
            || form["grant_type"] != "authorization_code" || !_codes.TryRemove(form["code"]!, out var asked)
            || form["redirect_uri"] != asked["redirect_uri"]
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!)))
                != asked["code_challenge"])
        {
            await SayAsync(http, 400, new() { ["error"] = "invalid_grant" });
            return;
        }

        var access = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _tokens[access] = Person;
        await SayAsync(http, 200, new()
        {
            ["access_token"] = access,
            ["token_type"] = "Bearer",
            ["expires_in"] = 60,
            ["id_token"] = Fault == "no ID token" ? null : IdToken(asked["nonce"]),
        });
    }

    private Task KeysAsync(HttpContext http)
    {
        Interlocked.Increment(ref _keysAsked);
        var key = _key.ExportParameters(includePrivateParameters: false);
        JsonObject published = Fault == "symmetric key"
            ? new() { ["kty"] = "oct", ["k"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(ClientSecret)) }
            : new()
            {
                ["kty"] = "RSA",
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
                ["use"] = Fault == "encryption key" ? "enc" : "sig",
            };
        published["kid"] = $"key-{_keyNumber}";
        return SayAsync(http, Fault == "keys" ? 503 : 200, new() { ["keys"] = new JsonArray(published) });
    }

    private string IdToken(string nonce)
    {
        var now = TimeProvider.System.GetUtcNow();
        var body = new JsonObject
        {
            ["iss"] = Fault == "token issuer" ? "https://other.example.com" : Issuer,
            ["sub"] = (string)Person["sub"]!,
            ["aud"] = Fault switch
            {
                "audience" => "somebody-else",
                "no azp" or "azp" or "right azp" => new JsonArray(ClientId, "somebody-else"),
                _ => ClientId,
            },
            ["nonce"] = Fault == "nonce" ? "another" : nonce,
            ["exp"] = now.AddMinutes(Fault switch { "over" => -60, "skewed" => -4, _ => 5 }).ToUnixTimeSeconds(),
        };
        if (Fault is "azp" or "right azp")
            body["azp"] = Fault == "azp" ? "somebody-else" : ClientId;
        if (Fault == "not yet")
            body["nbf"] = now.AddMinutes(60).ToUnixTimeSeconds();
        if (Fault == "no expiry")
            body.Remove("exp");
        var payload = body.ToJsonString();
        if (Fault == "duplicate")
            payload = payload[..^1] + ",\"sub\":\"somebody-else\"}";
        return Sign(payload);
    }

    private string Sign(string payload)
    {
        var kid = Fault == "unknown key" ? "key-0" : $"key-{_keyNumber}";
        var header = Fault switch
        {
            "unsigned" => """{"alg":"none"}""",
            "None" => """{"alg":"None"}""",
            "client secret" or "public key as secret" or "symmetric key" => $$"""{"alg":"HS256","kid":"{{kid}}"}""",
            "critical" => $$"""{"alg":"RS256","kid":"{{kid}}","crit":["b64"],"b64":true}""",
            "access token" => $$"""{"alg":"RS256","kid":"{{kid}}","typ":"at+jwt"}""",
            "no kid" => """{"alg":"RS256"}""",
            "key in header" => $$"""{"alg":"RS256","kid":"{{kid}}","jwk":{{Jwk(_other)}}}""",
            _ => $$"""{"alg":"RS256","kid":"{{kid}}"}""",
        };
        var text = Part(header) + "." + Part(payload);
        var bytes = Encoding.ASCII.GetBytes(text);
        var signature = Fault switch
        {
            "unsigned" or "None" => [],
            "client secret" or "symmetric key" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(ClientSecret), bytes),
            "public key as secret" => HMACSHA256.HashData(
                Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), bytes),
            "other key" or "key in header" => Rsa(_other, bytes),
            _ => Rsa(_key, bytes),
        };
        if (Fault == "changed")
            text = Part(header) + "." + Part(payload.Replace("s-1", "s-2", StringComparison.Ordinal));
        return text + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>
    /// Creates a key. It is generated on first use, which takes seconds on a busy machine, so this forces it outside of
    /// a request.
    /// </summary>
    private static RSA NewKey()
    {
        var key = RSA.Create(2048);
        key.ExportParameters(includePrivateParameters: false);
        return key;
    }

    private static byte[] Rsa(RSA key, byte[] bytes) =>
        key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static string Jwk(RSA key)
    {
        var parts = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(parts.Modulus),
            ["e"] = Base64Url.EncodeToString(parts.Exponent),
        }.ToJsonString();
    }

    private Task UserInfoAsync(HttpContext http)
    {
        if (Fault == "userinfo"
            || !_tokens.TryGetValue(http.Request.Headers.Authorization.ToString()["Bearer ".Length..], out var person))
        {
            return SayAsync(http, 401, []);
        }

        var claims = (JsonObject)person.DeepClone();
        if (Fault == "subject")
            claims["sub"] = "somebody-else";
        if (Fault == "huge")
            claims["more"] = new string('x', 1 << 20);
        return SayAsync(http, 200, claims);
    }

    private static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static Task SayAsync(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString());
    }
}
