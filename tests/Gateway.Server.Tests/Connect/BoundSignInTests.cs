using Gateway.Server.Tests.Callers;

namespace Gateway.Server.Tests.Connect;

/// <summary>Sign-ins of clients whose tokens are bound to a key (DPoP).</summary>
public sealed class BoundSignInTests : IDisposable
{
    private const string Endpoint = ConnectBench.Issuer + "/token";
    private readonly ProofMaker _key = new();
    private readonly ProofMaker _other = new();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task The_tokens_of_a_sign_in_are_bound_to_its_first_key()
    {
        await using var bench = await ConnectBench.StartAsync();
        var (client, pkce) = (await bench.RegisterAsync(), new Pkce());
        var code = (await bench.AllowAsync(client, pkce))["code"];
        (string, string)[] form =
        [
            ("grant_type", "authorization_code"), ("client_id", client), ("code", code),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier),
        ];
        var (_, error, nonce) = await PostAsync(bench, _key.Prove(Endpoint), form);
        Assert.Equal("use_dpop_nonce", (string?)error["error"]);

        var (status, tokens, _) = await PostAsync(bench, _key.Prove(Endpoint, nonce: nonce), form);
        Assert.Equal((200, "DPoP"), (status, (string?)tokens["token_type"]));
        var access = (string)tokens["access_token"]!;
        Assert.Equal(401, (await bench.CallAsync(access)).Status);
        Assert.Equal(200, await CallAsync(bench, access, _key, nonce));
        Assert.Equal(401, await CallAsync(bench, access, _other, nonce));

        (string, string)[] refresh =
        [
            ("grant_type", "refresh_token"), ("client_id", client),
            ("refresh_token", (string)tokens["refresh_token"]!),
        ];
        Assert.Equal(400, (await PostAsync(bench, null, refresh)).Status);
        Assert.Equal(400, (await PostAsync(bench, _other.Prove(Endpoint, nonce: nonce), refresh)).Status);
        var (again, next, _) = await PostAsync(bench, _key.Prove(Endpoint, nonce: nonce), refresh);
        Assert.Equal((200, "DPoP"), (again, (string?)next["token_type"]));
        Assert.Equal(200, await CallAsync(bench, (string)next["access_token"]!, _key, nonce));
        Assert.Equal(401, (await bench.CallAsync((string)next["access_token"]!)).Status);
    }

    [Fact]
    public async Task A_client_that_registers_for_bound_tokens_gets_no_others()
    {
        await using var bench = await ConnectBench.StartAsync();
        var (_, json) = await bench.RegisterAsync(new JsonObject
        {
            ["redirect_uris"] = new JsonArray(ConnectBench.Redirect),
            ["token_endpoint_auth_method"] = "none",
            ["dpop_bound_access_tokens"] = true,
        });
        Assert.True((bool)json["dpop_bound_access_tokens"]!);

        var (status, error, _) = await PostAsync(
            bench, null, [("grant_type", "refresh_token"), ("client_id", (string)json["client_id"]!)]);

        Assert.Equal((400, "invalid_dpop_proof"), (status, (string?)error["error"]));
    }

    private static async Task<(int Status, JsonNode Json, string? Nonce)> PostAsync(
        ConnectBench bench, string? proof, (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new FormUrlEncodedContent(form.Select(static one => KeyValuePair.Create(one.Name, one.Value))),
        };
        if (proof is not null)
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        using var answer = await bench.Program.SendAsync(request);
        var nonce = answer.Headers.TryGetValues("DPoP-Nonce", out var values) ? values.Single() : null;
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, nonce);
    }

    private static async Task<int> CallAsync(ConnectBench bench, string token, ProofMaker key, string? nonce)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/srv")
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"ping"}""", new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
        request.Headers.TryAddWithoutValidation("DPoP", key.Prove(ConnectBench.Resource, token, nonce));
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await bench.Program.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
