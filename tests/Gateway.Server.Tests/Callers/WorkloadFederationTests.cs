namespace Gateway.Server.Tests.Callers;

/// <summary>
/// Tokens of workloads that are exchanged for access tokens without credentials of a client (SEP-1933).
/// </summary>
public sealed class WorkloadFederationTests
{
    private const string Resource = CallerBench.Origin + "/mcp/crm";
    private const string Workload = "system:serviceaccount:agents:support";

    private static readonly string OAuth = $$"""
        , "oauth": { "issuer": "{{CallerBench.Origin}}", "clients": { "assistant": { "secret": "the-secret-of-the-assistant" } } }
        """;

    [NodeFact]
    public async Task A_workload_gets_a_token_for_one_address_until_its_own_ends()
    {
        await using var bench = await StartAsync();
        var ends = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600;

        var (status, json) = await ExchangeAsync(bench, await TokenAsync(bench, $$"""{"exp":{{ends}}}"""));

        Assert.Equal((200, "Bearer", "mcp"), (status, (string?)json["token_type"], (string?)json["scope"]));
        Assert.Null(json["refresh_token"]);
        Assert.InRange((int)json["expires_in"]!, 1, 600);
        var token = (string)json["access_token"]!;
        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Equal(401, await bench.StatusAsync(token, "/mcp"));
        Assert.Equal(401, await bench.StatusAsync(token, "/mcp/erp"));
        await Soon.UntilAsync(() => bench.Records().Any(static record =>
            record.GetProperty("kind").GetString() == "decision"), "the call is on record");
        var decision = bench.Records().First(static record => record.GetProperty("kind").GetString() == "decision");
        Assert.Equal(
            ("support", Workload, "corp"), (decision.GetProperty("grant").GetString(),
                decision.GetProperty("caller").GetString(), decision.GetProperty("callerIssuer").GetString()));
    }

    [NodeTheory]
    [InlineData("")]
    [InlineData("jti")]
    public async Task A_token_is_used_once_with_and_without_an_id(string without)
    {
        await using var bench = await StartAsync();
        var token = await TokenAsync(bench, without: without);

        var twice = await Task.WhenAll(ExchangeAsync(bench, token), ExchangeAsync(bench, token));

        Assert.Equal([200, 400], twice.Select(static one => one.Status).Order());
        var again = await ExchangeAsync(bench, token, ("resource", CallerBench.Origin + "/mcp"));
        Assert.Equal((400, "invalid_grant"), (again.Status, (string?)again.Json["error"]));
        Assert.Contains("used before", (string?)again.Json["error_description"]);
    }

    [NodeTheory]
    [InlineData("{}", """{"typ":"at+jwt"}""", "", "(typ)")]
    [InlineData("{}", """{"typ":"oauth-id-jag+jwt"}""", "", "(typ)")]
    [InlineData("{}", """{"typ":"JWT","alg":"none"}""", "", "no key")]
    [InlineData("{}", """{"typ":"JWT","alg":"HS256"}""", "", "shared secret")]
    [InlineData("""{"nonce":"n"}""", "{}", "", "ID token")]
    [InlineData("""{"aud":"gateway"}""", "{}", "", "(aud)")]
    [InlineData("""{"aud":["https://gateway.example.com","https://other.example.com"]}""", "{}", "", "(aud)")]
    [InlineData("{}", "{}", "aud", "(aud)")]
    [InlineData("""{"exp":1000000000}""", "{}", "", "has expired")]
    [InlineData("{}", "{}", "exp", "no expiry")]
    [InlineData("""{"exp":4102444800}""", "{}", "", "more than an hour")]
    [InlineData("""{"nbf":4102444800}""", "{}", "", "not valid yet")]
    [InlineData("{}", "{}", "sub", "\"sub\"")]
    [InlineData("""{"cnf":{"jkt":"x"}}""", "{}", "", "cnf")]
    [InlineData("""{"groups":["sales"]}""", "{}", "", "no grant")]
    [InlineData("""{"iss":"https://login.other.example"}""", "{}", "", "(iss)")]
    public async Task Refuses_other_tokens_with_a_reason(string claims, string header, string without, string reason)
    {
        await using var bench = await StartAsync();

        var (status, json) = await ExchangeAsync(bench, await TokenAsync(bench, claims, header, without));

        Assert.Equal((400, "invalid_grant"), (status, (string?)json["error"]));
        Assert.Contains(reason, (string?)json["error_description"]);
    }

    [NodeFact]
    public async Task Refuses_other_requests()
    {
        await using var bench = await StartAsync();
        var token = await TokenAsync(bench);
        var parts = token.Split('.');

        Assert.Equal("invalid_target", await ErrorAsync(bench, token, ("resource", null)));
        Assert.Equal("invalid_target", await ErrorAsync(bench, token, ("resource", "https://other.example.com")));
        Assert.Equal("invalid_target", await ErrorAsync(bench, token, ("resource", CallerBench.Origin + "/mcp/erp")));
        Assert.Equal("invalid_scope", await ErrorAsync(bench, token, ("scope", "files")));
        Assert.Equal("invalid_request", await ErrorAsync(bench, token, ("assertion", null)));
        Assert.Equal("invalid_client", await ErrorAsync(bench, token, ("client_id", "unknown")));
        Assert.Equal("invalid_grant", await ErrorAsync(
            bench, token, ("client_id", "assistant"), ("client_secret", "the-secret-of-the-assistant")));
        Assert.Equal("invalid_grant", await ErrorAsync(bench, $"{parts[0]}.{parts[1]}."));
        // None of them used it up.
        Assert.Equal(200, (await ExchangeAsync(bench, token)).Status);
    }

    [NodeFact]
    public async Task Is_off_without_the_option_and_ends_with_it()
    {
        await using var without = await CallerBench.StartAsync(", \"idJag\": true", more: OAuth);
        Assert.Equal("invalid_client", await ErrorAsync(without, await TokenAsync(without)));

        await using var with = await StartAsync();
        using var metadata = await with.Client.GetAsync(
            new Uri(with.Address, "/.well-known/oauth-authorization-server"));
        var json = JsonNode.Parse(await metadata.Content.ReadAsStringAsync())!;
        Assert.Contains(
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            json["grant_types_supported"]!.AsArray().Select(static one => (string?)one));
        Assert.Null(json["authorization_grant_profiles_supported"]);
        var token = (string)(await ExchangeAsync(with, await TokenAsync(with))).Json["access_token"]!;
        Assert.Equal(200, await with.StatusAsync(token));
        await with.ChangeConfigAsync("\"workloads\": true", "\"workloads\": false");
        await Soon.TokenEndsAsync(() => with.StatusAsync(token));
    }

    private static Task<CallerBench> StartAsync() => CallerBench.StartAsync(", \"workloads\": true", more: OAuth);

    private static Task<string> TokenAsync(
        CallerBench bench, string claims = "{}", string header = "{}", string without = "")
    {
        var all = new JsonObject
        {
            ["sub"] = Workload,
            ["aud"] = CallerBench.Origin,
            ["jti"] = Guid.NewGuid().ToString(),
            ["groups"] = new JsonArray("agents"),
        };
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
            all[name] = value!.DeepClone();
        var head = JsonNode.Parse(header)!.AsObject();
        head.TryAdd("typ", "JWT");
        return bench.SignAsync(all, head, without);
    }

    private static async Task<string?> ErrorAsync(
        CallerBench bench, string token, params (string Name, string? Value)[] changes) =>
        (string?)(await ExchangeAsync(bench, token, changes)).Json["error"];

    private static async Task<(int Status, JsonNode Json)> ExchangeAsync(
        CallerBench bench, string token, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = token,
            ["resource"] = Resource,
        };
        foreach (var (name, value) in changes)
            form[name] = value;
        using var content = new FormUrlEncodedContent(form.Where(static one => one.Value is not null)
            .Select(static one => KeyValuePair.Create(one.Key, one.Value!)));
        using var response = await bench.Client.PostAsync(new Uri(bench.Address, "/token"), content);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
