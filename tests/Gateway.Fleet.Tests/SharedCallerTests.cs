using Gateway.Server.Tests.Callers;

namespace Gateway.Fleet.Tests;

/// <summary>Assertions, proofs and the tokens of the gateway at two gateways that share a database.</summary>
public sealed class SharedCallerTests() : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    private const string Origin = "http://localhost:9412";
    private const string Address = Origin + "/mcp/srv";
    private const string Login = "https://login.example.com";
    private const string Secret = "the-secret-of-the-assistant";

    [ClusterFact]
    public async Task Two_gateways_accept_an_assertion_and_a_proof_once_and_each_others_tokens_and_nonces()
    {
        using var provider = new ProofMaker();
        using var key = new ProofMaker();
        await using var keys = await RecordingServer.StartAsync();
        keys.Answer = (http, _) => RecordingServer.JsonAsync(
            http, new JsonObject { ["keys"] = new JsonArray(provider.Jwk) }.ToJsonString());
        await ConfigureAsync(keys.Url);
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        GatewayProcess At(int i) => i % 2 == 0 ? first : second;

        var assertion = Sign(provider, "oauth-id-jag+jwt", new JsonObject
        {
            ["aud"] = Origin,
            ["resource"] = Address,
            ["client_id"] = "assistant",
        });
        var exchanged = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ExchangeAsync(At(i), assertion)));
        var token = Assert.Single(exchanged, static one => one.Status == 200).Token!;
        Assert.Equal(7, exchanged.Count(static one => one.Status == 400));
        Assert.Equal(200, (await CallAsync(first, $"Bearer {token}")).Status);
        Assert.Equal(200, (await CallAsync(second, $"Bearer {token}")).Status);

        var bound = Bound("gateway");
        var (refused, _, nonce) = await CallAsync(first, $"DPoP {bound}", key.Prove(Address, bound));
        Assert.Equal(401, refused);
        Assert.Equal(200, (await CallAsync(second, $"DPoP {bound}", key.Prove(Address, bound, nonce))).Status);

        var careful = Bound("gateway", "careful");
        var proof = key.Prove(Address, careful);
        var called = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => CallAsync(At(i), $"DPoP {careful}", proof)));
        Assert.Single(called, static one => one.Status == 200);
        Assert.Equal(7, called.Count(static one => one.Status == 401));

        string Bound(string audience, string? role = null) => Sign(provider, "at+jwt", new JsonObject
        {
            ["aud"] = audience,
            ["role"] = role,
            ["cnf"] = new JsonObject { ["jkt"] = key.Thumbprint },
        });
    }

    private async Task ConfigureAsync(string keys)
    {
        Bench.Configure($$"""
            , "oauth": { "issuer": "{{Origin}}", "clients": { "assistant": { "secret": "{{Secret}}" } } },
              "identity": { "issuers": { "corp": {
                "issuer": "{{Login}}", "audience": "gateway", "jwks": "{{keys}}", "idJag": true } } }
            """);
        var config = await File.ReadAllTextAsync(Bench.ConfigPath);
        await File.WriteAllTextAsync(Bench.ConfigPath, config.Replace("\"grants\": {", """
            "grants": {
              "careful": { "servers": { "srv": "policy" }, "order": 1, "proofs": ["once"],
                "match": { "issuer": "corp", "claims": [{ "path": "role", "op": "eq", "value": "careful" }] } },
              "people": { "servers": { "srv": "policy" }, "order": 2, "match": { "issuer": "corp" } },
            """, StringComparison.Ordinal));
    }

    private static string Sign(ProofMaker provider, string type, JsonObject claims)
    {
        claims["iss"] = Login;
        claims["sub"] = "ana";
        claims["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 300;
        return provider.Prove(Origin, claims: claims, header: new JsonObject { ["typ"] = type, ["jwk"] = null });
    }

    private static async Task<(int Status, string? Token)> ExchangeAsync(GatewayProcess gateway, string assertion)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var form = new FormUrlEncodedContent(
        [
            new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion),
            new("client_id", "assistant"), new("client_secret", Secret),
        ]);
        using var answer = await client.PostAsync(new Uri(gateway.Address, "/token"), form);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return ((int)answer.StatusCode, (string?)json["access_token"]);
    }

    private static async Task<(int Status, string? Text, string? Nonce)> CallAsync(
        GatewayProcess gateway, string authorization, string? proof = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/mcp/srv"))
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(),
            answer.Headers.TryGetValues("DPoP-Nonce", out var nonces) ? nonces.Single() : null);
    }
}
