using System.Security.Cryptography;

namespace Gateway.Server.Tests.Callers;

/// <summary>
/// Tokens that are bound to a key of the client (DPoP, RFC 9449), at both addresses and at the token endpoint.
/// </summary>
public sealed class KeyProofTests : IDisposable
{
    private const string Address = CallerBench.Origin + "/mcp/crm";
    private const string Secret = "the-secret-of-the-nightly-job";

    private const string OAuth = $$"""
        , "oauth": { "issuer": "{{CallerBench.Origin}}",
            "clients": { "nightly": { "secret": "{{Secret}}", "grant": "workload" } } }
        """;

    private readonly ProofMaker _key = new();

    public void Dispose() => _key.Dispose();

    [NodeFact]
    public async Task A_bound_token_is_accepted_with_a_proof_that_has_the_gateways_nonce()
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await BoundAsync(bench);

        using var bearer = await bench.SendAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, bearer.StatusCode);
        Assert.Contains("DPoP algs=\"", bearer.Headers.WwwAuthenticate.ToString());
        using var first = await SendAsync(bench, token, _key.Prove(Address, token));
        Assert.Equal(HttpStatusCode.Unauthorized, first.StatusCode);
        Assert.StartsWith("DPoP error=\"use_dpop_nonce\", algs=\"", first.Headers.WwwAuthenticate.ToString());
        var nonce = Assert.Single(first.Headers.GetValues("DPoP-Nonce"));

        Assert.Equal(200, await StatusAsync(bench, token, _key.Prove(Address, token, nonce)));
        Assert.Equal(200, await StatusAsync(bench, token, _key.Prove(Address + "/?x=1#y", token, nonce)));
        Assert.Equal(200, await StatusAsync(
            bench, token, _key.Prove(CallerBench.Origin + "/mcp", token, nonce), "/mcp"));
        Assert.DoesNotContain(
            bench.Crm.Requests, static request => request.Headers.ContainsKey("DPoP"));
    }

    [NodeFact]
    public async Task A_token_that_a_certified_provider_has_bound_is_valid_with_a_proof_of_its_key_only()
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        await using var provider = NodeProcess.Start("company-provider.js");
        var issuer = (string)JsonNode.Parse(await provider.ReadJsonLineAsync(deadline.Token))!["issuer"]!;
        await using var bench = await CallerBench.StartAsync(
            issuer: $$""" }, "partner": { "issuer": "{{issuer}}", "audience": "gateway" """,
            grants: """
                "partners": { "servers": { "crm": "policy" }, "order": 5, "match": { "issuer": "partner" } },
                """);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{issuer}/token")
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", "bot"),
                new("client_secret", "the-secret-of-the-bot"), new("resource", "https://gateway.example.com/mcp"),
            ]),
        };
        request.Headers.Add("DPoP", _key.Prove($"{issuer}/token"));
        using var issued = await bench.Client.SendAsync(request);
        var reply = JsonNode.Parse(await issued.Content.ReadAsStringAsync())!;
        Assert.Equal("DPoP", (string?)reply["token_type"]);
        var token = (string)reply["access_token"]!;
        var nonce = await NonceAsync(bench, token);
        using var other = new ProofMaker();

        Assert.Equal(200, await StatusAsync(bench, token, _key.Prove(Address, token, nonce)));
        Assert.Equal(401, await StatusAsync(bench, token, other.Prove(Address, token, nonce)));
        Assert.Equal(401, await bench.StatusAsync(token));
    }

    [NodeTheory]
    [InlineData("""{"htm":"GET"}""", "{}", "(htm, htu)")]
    [InlineData("""{"htm":"post"}""", "{}", "(htm, htu)")]
    [InlineData("""{"htu":"https://gateway.example.com/mcp/erp"}""", "{}", "(htm, htu)")]
    [InlineData("""{"htu":"https://other.example.com/mcp/crm"}""", "{}", "(htm, htu)")]
    [InlineData("""{"htu":"http://gateway.example.com/mcp/crm"}""", "{}", "(htm, htu)")]
    [InlineData("""{"htu":null}""", "{}", "(htm, htu)")]
    [InlineData("""{"ath":"x"}""", "{}", "(ath)")]
    [InlineData("""{"ath":null}""", "{}", "(ath)")]
    [InlineData("""{"jti":null}""", "{}", "(jti, iat)")]
    [InlineData("""{"iat":null}""", "{}", "(jti, iat)")]
    [InlineData("""{"iat":1000000000}""", "{}", "(iat)")]
    [InlineData("""{"iat":4102444800}""", "{}", "(iat)")]
    [InlineData("""{"content_digest":"sha-256=:AAAA:"}""", "{}", "(content_digest)")]
    [InlineData("""{"content_digest":7}""", "{}", "(content_digest)")]
    [InlineData("{}", """{"typ":"JWT"}""", "(typ)")]
    [InlineData("{}", """{"alg":"none"}""", "not a JWT")]
    [InlineData("{}", """{"alg":"HS256"}""", "not a JWT")]
    [InlineData("{}", """{"alg":"ES384"}""", "signature")]
    [InlineData("{}", """{"alg":"RS256"}""", "signature")]
    [InlineData("{}", """{"jwk":null}""", "(jwk)")]
    [InlineData("{}", """{"jwk":{"kty":"oct","k":"AAAA"}}""", "(jwk)")]
    public async Task Refuses_other_proofs_with_a_reason(string claims, string header, string reason)
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await BoundAsync(bench);
        var proof = _key.Prove(
            Address, token, await NonceAsync(bench, token), claims: Object(claims), header: Object(header));

        using var refused = await SendAsync(bench, token, proof);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.StartsWith("DPoP error=\"invalid_dpop_proof\"", refused.Headers.WwwAuthenticate.ToString());
        Assert.Contains(reason, await refused.Content.ReadAsStringAsync());
        Assert.Empty(bench.Crm.Requests);
    }

    [NodeFact]
    public async Task Refuses_another_key_another_signature_and_two_proofs()
    {
        await using var bench = await CallerBench.StartAsync();
        using var other = new ProofMaker();
        var token = await BoundAsync(bench);
        var nonce = await NonceAsync(bench, token);
        var good = _key.Prove(Address, token, nonce);

        Assert.Equal(401, await StatusAsync(bench, token, other.Prove(Address, token, nonce)));
        Assert.Equal(401, await StatusAsync(
            bench, token, other.Prove(Address, token, nonce, header: new JsonObject { ["jwk"] = _key.Jwk })));
        using var twice = await SendAsync(bench, token, good, change: request => request.Headers.Add("DPoP", good));
        Assert.Equal(HttpStatusCode.Unauthorized, twice.StatusCode);
        Assert.Equal(401, await StatusAsync(bench, await BoundAsync(bench, "ben"), good));
        Assert.Equal(200, await StatusAsync(bench, token, good));
        Assert.Single(bench.Crm.Requests);
    }

    [NodeFact]
    public async Task A_nonce_is_accepted_for_five_minutes()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await CallerBench.StartAsync(time: time);
        var token = await BoundAsync(bench);
        var nonce = await NonceAsync(bench, token);
        Assert.Equal(200, await StatusAsync(bench, token, _key.Prove(Address, token, nonce)));

        time.Jump(TimeSpan.FromMinutes(4));
        using var later = await SendAsync(bench, token, _key.Prove(Address, token, nonce));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.NotEqual(nonce, Assert.Single(later.Headers.GetValues("DPoP-Nonce")));
        time.Jump(TimeSpan.FromMinutes(2));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 360;
        using var late = await SendAsync(
            bench, token, _key.Prove(Address, token, nonce, claims: new JsonObject { ["iat"] = now }));

        Assert.Contains("use_dpop_nonce", late.Headers.WwwAuthenticate.ToString());
    }

    [NodeFact]
    public async Task A_token_without_a_key_needs_the_scheme_Bearer()
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await bench.TokenAsync("ana", "agents");

        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Equal(401, await StatusAsync(bench, token, _key.Prove(Address, token)));
        Assert.Equal(401, await StatusAsync(bench, TestTokens.Agent, _key.Prove(Address, TestTokens.Agent)));
    }

    [NodeTheory]
    [InlineData("""{"jwk":{}}""")]
    [InlineData("""{"x5t#S256":"x"}""")]
    [InlineData("""{"jkt":"x","x5t#S256":"x"}""")]
    [InlineData("\"x\"")]
    public async Task Another_confirmation_than_a_thumbprint_is_refused(string confirmation)
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await BoundAsync(bench, confirmation: JsonNode.Parse(confirmation));

        Assert.Equal(401, await bench.StatusAsync(token));
        Assert.Equal(401, await StatusAsync(bench, token, _key.Prove(Address, token)));
    }

    [NodeFact]
    public async Task A_grant_requires_bound_tokens_and_digests_and_each_proof_once()
    {
        await using var bench = await CallerBench.StartAsync(grants: """
            "workload": { "servers": { "crm": "policy" }, "order": 1, "match": { "issuer": "corp" },
              "proofs": ["required", "contentDigest", "once"] },
            """);
        var token = await BoundAsync(bench);

        Assert.Equal(401, await bench.StatusAsync(await bench.TokenAsync("ana", "agents")));
        Assert.Equal(401, await StatusAsync(bench, token, _key.Prove(Address, token)));
        var proof = _key.Prove(Address, token, claims: new JsonObject
        {
            ["jti"] = "proof-1",
            ["content_digest"] = Digest(CallerBench.Ping),
        });
        var twice = await Task.WhenAll(StatusAsync(bench, token, proof), StatusAsync(bench, token, proof));
        Assert.Equal([200, 401], twice.Order());
        Assert.Equal(401, await StatusAsync(bench, token, proof));
        var other = _key.Prove(Address, token, claims: new JsonObject { ["content_digest"] = Digest("{}") });
        Assert.Equal(401, await StatusAsync(bench, token, other));
        Assert.Single(bench.Crm.Requests);
        // Another key may sign a proof with the same id.
        using var second = new ProofMaker();
        var bound = await BoundAsync(bench, "ben", new JsonObject { ["jkt"] = second.Thumbprint });
        Assert.Equal(200, await StatusAsync(bench, bound, second.Prove(Address, bound, claims: new JsonObject
        {
            ["jti"] = "proof-1",
            ["content_digest"] = Digest(CallerBench.Ping),
        })));
    }

    [NodeFact]
    public async Task A_digest_of_the_body_is_checked_at_both_addresses()
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await BoundAsync(bench);
        var nonce = await NonceAsync(bench, token);

        foreach (var path in (string[])["/mcp/crm", "/mcp"])
        {
            string Prove(string body) => _key.Prove(
                CallerBench.Origin + path, token, nonce, claims: new JsonObject { ["content_digest"] = Digest(body) });
            Assert.Equal(200, await StatusAsync(bench, token, Prove(CallerBench.Ping), path));
            Assert.Equal(401, await StatusAsync(bench, token, Prove(CallerBench.Ping + " "), path));
        }
    }

    [NodeFact]
    public async Task The_token_endpoint_binds_a_token_to_the_key_of_the_proof()
    {
        await using var bench = await CallerBench.StartAsync(more: OAuth, grants: """
            "workload": { "servers": { "crm": "policy" } },
            """);
        const string endpoint = CallerBench.Origin + "/token";
        using var first = await TokenAsync(bench, _key.Prove(endpoint));
        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Contains("use_dpop_nonce", await first.Content.ReadAsStringAsync());
        var nonce = Assert.Single(first.Headers.GetValues("DPoP-Nonce"));
        using var wrong = await TokenAsync(bench, _key.Prove(Address, nonce: nonce));
        Assert.Contains("invalid_dpop_proof", await wrong.Content.ReadAsStringAsync());

        using var issued = await TokenAsync(bench, _key.Prove(endpoint, nonce: nonce));

        var json = JsonNode.Parse(await issued.Content.ReadAsStringAsync())!;
        Assert.Equal("DPoP", (string?)json["token_type"]);
        var token = (string)json["access_token"]!;
        Assert.Equal(401, await bench.StatusAsync(token));
        Assert.Equal(200, await StatusAsync(bench, token, _key.Prove(Address, token, nonce)));
        using var other = new ProofMaker();
        Assert.Equal(401, await StatusAsync(bench, token, other.Prove(Address, token, nonce)));
    }

    [NodeFact]
    public async Task The_metadata_has_the_algorithms_of_proofs()
    {
        await using var bench = await CallerBench.StartAsync(more: OAuth, grants: """
            "workload": { "servers": { "crm": "policy" } },
            """);

        foreach (var path in (string[])["oauth-authorization-server", "oauth-protected-resource/mcp/crm"])
        {
            using var answer = await bench.Client.GetAsync(new Uri(bench.Address, "/.well-known/" + path));
            var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            var algorithms = json["dpop_signing_alg_values_supported"]!.AsArray().Select(static one => (string)one!);
            Assert.Equal(
                ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"], algorithms.Order());
        }
    }

    [NodeFact]
    public async Task The_official_client_signs_in_and_calls_with_proofs()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var server = await SampleMcpServer.StartAsync(deadline.Token);
        var origin = $"http://127.0.0.1:{Ports.Free()}";
        await using var bench = await CallerBench.StartAsync(
            more: OAuth.Replace(CallerBench.Origin, origin), listen: origin, grants: """
            "workload": { "servers": { "sample": "policy" }, "proofs": ["required"] },
            """, servers: $$""" "sample": { "url": "{{server.Address}}" }, """);
        await using var client = NodeProcess.Start("machine-client.js", $"{origin}/mcp/sample", new JsonObject
        {
            ["sdk"] = 2,
            ["id"] = "nightly",
            ["secret"] = Secret,
            ["dpop"] = true,
        }.ToJsonString());

        var done = JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!;

        Assert.Equal((8, "DPoP"), ((int)done["tools"]!, (string?)done["type"]));
    }

    private static string Digest(string body) =>
        $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}:";

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private Task<string> BoundAsync(CallerBench bench, string subject = "ana", JsonNode? confirmation = null) =>
        bench.SignAsync(new JsonObject
        {
            ["sub"] = subject,
            ["groups"] = new JsonArray("agents"),
            ["cnf"] = confirmation ?? new JsonObject { ["jkt"] = _key.Thumbprint },
        });

    private async Task<string> NonceAsync(CallerBench bench, string token)
    {
        using var refused = await SendAsync(bench, token, _key.Prove(Address, token));
        return Assert.Single(refused.Headers.GetValues("DPoP-Nonce"));
    }

    private static Task<HttpResponseMessage> SendAsync(
        CallerBench bench, string token, string proof, string path = "/mcp/crm",
        Action<HttpRequestMessage>? change = null) =>
        bench.SendAsync(null, path, change: request =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
            request.Headers.TryAddWithoutValidation("DPoP", proof);
            change?.Invoke(request);
        });

    private static async Task<int> StatusAsync(
        CallerBench bench, string token, string proof, string path = "/mcp/crm")
    {
        using var response = await SendAsync(bench, token, proof, path);
        return (int)response.StatusCode;
    }

    private static async Task<HttpResponseMessage> TokenAsync(CallerBench bench, string proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bench.Address, "/token"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", "nightly"), new("client_secret", Secret),
                new("resource", Address),
            ]),
        };
        request.Headers.TryAddWithoutValidation("DPoP", proof);
        return await bench.Client.SendAsync(request);
    }
}
