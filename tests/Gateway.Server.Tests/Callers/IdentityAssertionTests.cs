using ModelContextProtocol.Authentication;

namespace Gateway.Server.Tests.Callers;

/// <summary>
/// Enterprise-managed authorization: an identity provider's assertion (ID-JAG) that a client exchanges for a token.
/// </summary>
public sealed class IdentityAssertionTests
{
    private const string Secret = "the-secret-of-the-assistant";
    private const string Resource = CallerBench.Origin + "/mcp/crm";

    private static string OAuth(string origin = CallerBench.Origin) => $$"""
        , "oauth": { "issuer": "{{origin}}",
            "clients": { "assistant": { "secret": "{{Secret}}" }, "other": { "secret": "{{Secret}}" } } }
        """;

    [NodeFact]
    public async Task An_assertion_is_exchanged_for_a_token_of_the_person_at_one_address()
    {
        await using var bench = await StartAsync();

        var (status, json) = await ExchangeAsync(bench, await AssertionAsync(bench));

        Assert.Equal((200, "Bearer", "mcp"), (status, (string?)json["token_type"], (string?)json["scope"]));
        Assert.Null(json["refresh_token"]);
        var token = (string)json["access_token"]!;
        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Equal(401, await bench.StatusAsync(token, "/mcp"));
        Assert.Equal(401, await bench.StatusAsync(token, "/mcp/erp"));
        await Soon.UntilAsync(() => bench.Records().Any(static record =>
            record.GetProperty("kind").GetString() == "decision"), "the call is on record");
        var decision = bench.Records().First(static record => record.GetProperty("kind").GetString() == "decision");
        Assert.Equal(
            ("support", "ana", "corp", "assistant"),
            (decision.GetProperty("grant").GetString(), decision.GetProperty("caller").GetString(),
                decision.GetProperty("callerIssuer").GetString(), decision.GetProperty("callerClient").GetString()));
    }

    [NodeFact]
    public async Task An_assertion_is_used_once()
    {
        await using var bench = await StartAsync();
        var assertion = await AssertionAsync(bench);
        var twice = await Task.WhenAll(ExchangeAsync(bench, assertion), ExchangeAsync(bench, assertion));

        Assert.Equal([200, 400], twice.Select(static one => one.Status).Order());
        var again = await ExchangeAsync(bench, assertion);
        Assert.Equal((400, "invalid_grant"), (again.Status, (string?)again.Json["error"]));
        Assert.Contains("used before", (string?)again.Json["error_description"]);
    }

    [NodeTheory]
    [InlineData("{}", """{"typ":"JWT"}""", "", "typ")]
    [InlineData("{}", """{"typ":"at+jwt"}""", "", "typ")]
    [InlineData("{}", """{"typ":"oauth-id-jag+jwt","alg":"none"}""", "", "no key")]
    [InlineData("{}", """{"typ":"oauth-id-jag+jwt","alg":"HS256"}""", "", "shared secret")]
    [InlineData("""{"aud":"gateway"}""", "{}", "", "(aud)")]
    [InlineData("""{"aud":["https://gateway.example.com","https://other.example.com"]}""", "{}", "", "(aud)")]
    [InlineData("{}", "{}", "aud", "(aud)")]
    [InlineData("""{"client_id":"other"}""", "{}", "", "another client")]
    [InlineData("{}", "{}", "client_id", "another client")]
    [InlineData("""{"exp":1000000000}""", "{}", "", "has expired")]
    [InlineData("{}", "{}", "exp", "no expiry")]
    [InlineData("""{"exp":4102444800}""", "{}", "", "more than an hour")]
    [InlineData("""{"iat":4102444800}""", "{}", "", "in the future")]
    [InlineData("{}", "{}", "iat", "(iat)")]
    [InlineData("{}", "{}", "jti", "(jti)")]
    [InlineData("{}", "{}", "sub", "\"sub\"")]
    [InlineData("{}", "{}", "resource", "(resource)")]
    [InlineData("""{"resource":"https://gateway.example.com/mcp/none"}""", "{}", "", "(resource)")]
    [InlineData("""{"resource":"https://other.example.com/mcp/crm"}""", "{}", "", "(resource)")]
    [InlineData("""{"scope":"files"}""", "{}", "", "scope")]
    [InlineData("""{"cnf":{"jkt":"x"}}""", "{}", "", "cnf")]
    [InlineData("""{"groups":["sales"]}""", "{}", "", "no grant")]
    [InlineData("""{"iss":"https://login.other.example"}""", "{}", "", "(iss)")]
    public async Task Refuses_other_assertions_with_a_reason(
        string claims, string header, string without, string reason)
    {
        await using var bench = await StartAsync();

        var (status, json) = await ExchangeAsync(bench, await AssertionAsync(bench, claims, header, without));

        Assert.Equal((400, "invalid_grant"), (status, (string?)json["error"]));
        Assert.Contains(reason, (string?)json["error_description"]);
    }

    [NodeFact]
    public async Task Refuses_a_changed_assertion_and_an_access_token_for_it()
    {
        await using var bench = await StartAsync();
        var (ana, ben) = ((await AssertionAsync(bench)).Split('.'),
            (await AssertionAsync(bench, """{"sub":"ben"}""")).Split('.'));

        foreach (var forged in (string[])[$"{ana[0]}.{ben[1]}.{ana[2]}", $"{ana[0]}.{ana[1]}.", "a.b.c", ""])
        {
            var (status, json) = await ExchangeAsync(bench, forged);
            Assert.Equal(400, status);
            Assert.Equal(forged.Length == 0 ? "invalid_request" : "invalid_grant", (string?)json["error"]);
        }

        Assert.Equal(401, await bench.StatusAsync(await AssertionAsync(bench)));
    }

    [NodeFact]
    public async Task Only_the_client_of_the_assertion_exchanges_it_and_only_for_its_resource()
    {
        await using var bench = await StartAsync();
        var assertion = await AssertionAsync(bench);

        Assert.Equal("invalid_client", await ErrorAsync(bench, assertion, ("client_secret", "wrong-secret-01234567")));
        Assert.Equal("invalid_grant", await ErrorAsync(bench, assertion, ("client_id", "other")));
        Assert.Equal("invalid_target", await ErrorAsync(bench, assertion, ("resource", CallerBench.Origin + "/mcp")));
        Assert.Equal("invalid_scope", await ErrorAsync(bench, assertion, ("scope", "files")));
        Assert.Equal(200, (await ExchangeAsync(bench, assertion, ("scope", "mcp files"))).Status);
    }

    [NodeFact]
    public async Task A_public_client_exchanges_none()
    {
        await using var bench = await StartAsync();
        using var registration = new StringContent(
            """{"redirect_uris":["https://client.example.com/callback"],"token_endpoint_auth_method":"none"}""",
            Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var registered = await bench.Client.PostAsync(new Uri(bench.Address, "/register"), registration);
        var id = (string)JsonNode.Parse(await registered.Content.ReadAsStringAsync())!["client_id"]!;
        var assertion = await AssertionAsync(bench, $$"""{"client_id":"{{id}}"}""");

        Assert.Equal(
            "unauthorized_client", await ErrorAsync(bench, assertion, ("client_id", id), ("client_secret", null)));
    }

    [NodeFact]
    public async Task An_issuer_without_the_option_is_refused_and_not_advertised()
    {
        await using var without = await CallerBench.StartAsync(more: OAuth());
        await using var with = await StartAsync();

        Assert.Equal("invalid_grant", await ErrorAsync(without, await AssertionAsync(without)));
        Assert.Null((await MetadataAsync(without))["authorization_grant_profiles_supported"]);
        var metadata = await MetadataAsync(with);
        Assert.Equal(
            """["urn:ietf:params:oauth:grant-profile:id-jag"]""",
            metadata["authorization_grant_profiles_supported"]!.ToJsonString());
        Assert.Contains(
            "urn:ietf:params:oauth:grant-type:jwt-bearer", metadata["grant_types_supported"]!.ToJsonString());

        static async Task<JsonNode> MetadataAsync(CallerBench bench)
        {
            using var answer = await bench.Client.GetAsync(
                new Uri(bench.Address, "/.well-known/oauth-authorization-server"));
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }
    }

    [NodeFact]
    public async Task A_token_ends_when_its_issuer_loses_the_option()
    {
        await using var bench = await StartAsync(hasOwnIssuer: true);
        var (_, json) = await ExchangeAsync(bench, await AssertionAsync(bench));
        var token = (string)json["access_token"]!;
        Assert.Equal(200, await bench.StatusAsync(token));

        // The provider's keys no longer matter: the gateway issued the token.
        await bench.RotateAsync();
        Assert.Equal(200, await bench.StatusAsync(token));
        await bench.ChangeConfigAsync("\"idJag\": true", "\"idJag\": false");
        await Soon.TokenEndsAsync(() => bench.StatusAsync(token));
    }

    [NodeFact]
    public async Task A_rotated_key_is_fetched_for_an_assertion_that_names_none()
    {
        await using var bench = await StartAsync(hasOwnIssuer: true);
        Assert.Equal(200, (await ExchangeAsync(bench, await AssertionAsync(bench, header: """{"kid":null}"""))).Status);

        await bench.RotateAsync();

        Assert.Equal(200, (await ExchangeAsync(bench, await AssertionAsync(bench, header: """{"kid":null}"""))).Status);
    }

    [NodeTheory]
    [InlineData("typescript")]
    [InlineData("csharp")]
    public async Task The_official_clients_exchange_an_assertion(string sdk)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var origin = $"http://127.0.0.1:{Ports.Free()}";
        await using var bench = await CallerBench.StartAsync(
            ", \"idJag\": true", more: OAuth(origin), listen: origin);
        var assertion = await AssertionAsync(
            bench, $$"""{"aud":"{{origin}}","resource":"{{origin}}/mcp/crm"}""");
        string token;
        if (sdk == "csharp")
        {
            using var provider = new HttpClient(new Exchange(assertion) { InnerHandler = new SocketsHttpHandler() });
            var tokens = await new IdentityAssertionGrantProvider(
                new IdentityAssertionGrantProviderOptions
                {
                    ClientId = "assistant",
                    ClientSecret = Secret,
                    IdpTokenEndpoint = bench.Issuer + "/token",
                    IdpClientId = "assistant-at-the-provider",
                    IdTokenCallback = static (_, _) => Task.FromResult("the-id-token-of-the-person"),
                },
                provider).GetAccessTokenAsync(new Uri(origin + "/mcp/crm"), new Uri(origin), deadline.Token);
            token = tokens.AccessToken;
        }
        else
        {
            await using var client = NodeProcess.Start("assertion-client.js", $"{origin}/mcp/crm", new JsonObject
            {
                ["id"] = "assistant",
                ["secret"] = Secret,
                ["assertion"] = assertion,
            }.ToJsonString());
            token = (string)JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!["token"]!;
        }

        Assert.Equal(200, await bench.StatusAsync(token));
    }

    private static Task<CallerBench> StartAsync(bool hasOwnIssuer = false) =>
        CallerBench.StartAsync(", \"idJag\": true", more: OAuth(), hasOwnIssuer: hasOwnIssuer);

    private static Task<string> AssertionAsync(
        CallerBench bench, string claims = "{}", string header = "{}", string without = "")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var all = new JsonObject
        {
            ["sub"] = "ana",
            ["groups"] = new JsonArray("agents"),
            ["aud"] = CallerBench.Origin,
            ["resource"] = Resource,
            ["client_id"] = "assistant",
            ["jti"] = Guid.NewGuid().ToString(),
            ["scope"] = "mcp files",
            ["iat"] = now,
            ["exp"] = now + 300,
        };
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
            all[name] = value!.DeepClone();
        var head = JsonNode.Parse(header)!.AsObject();
        if (!head.ContainsKey("typ"))
            head["typ"] = "oauth-id-jag+jwt";
        return bench.SignAsync(all, head, without);
    }

    private static async Task<string?> ErrorAsync(
        CallerBench bench, string assertion, params (string Name, string? Value)[] changes) =>
        (string?)(await ExchangeAsync(bench, assertion, changes)).Json["error"];

    private static async Task<(int Status, JsonNode Json)> ExchangeAsync(
        CallerBench bench, string assertion, params (string Name, string? Value)[] changes)
    {
        List<(string Name, string? Value)> form =
        [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion),
            ("client_id", "assistant"), ("client_secret", Secret),
        ];
        form.RemoveAll(one => changes.Any(change => change.Name == one.Name));
        using var content = new FormUrlEncodedContent(form.Concat(changes).Where(static one => one.Value is not null)
            .Select(static one => KeyValuePair.Create(one.Name, one.Value!)));
        using var answer = await bench.Client.PostAsync(new Uri(bench.Address, "/token"), content);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>
    /// The token exchange of the provider, which <c>oauth2-mock-server</c> lacks: returns the assertion that it signed.
    /// </summary>
    private sealed class Exchange(string assertion) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var form = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            if (!form.Contains("token-exchange", StringComparison.Ordinal))
                return await base.SendAsync(request, cancellationToken);
            Assert.Contains(Uri.EscapeDataString("/mcp/crm"), form, StringComparison.Ordinal);
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    $$"""
                    {
                      "access_token": "{{assertion}}", "token_type": "N_A",
                      "issued_token_type": "urn:ietf:params:oauth:token-type:id-jag", "expires_in": 300
                    }
                    """, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
        }
    }
}
