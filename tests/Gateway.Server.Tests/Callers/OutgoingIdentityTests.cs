using Gateway.Server.Tests.Credentials;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Server.Tests.Callers;

/// <summary>The caller in requests to a server: headers with its values, and exchanged tokens.</summary>
public sealed class OutgoingIdentityTests
{
    [NodeFact]
    public async Task A_server_receives_the_values_of_each_caller_and_never_those_that_a_client_writes()
    {
        await using var bench = await CallerBench.StartAsync(
            crm: """, "callerHeaders": { "X-User": "{caller.subject}", "X-Groups": "{caller.claims.groups}", "X-Grant": "{grant}" }""");

        Assert.Equal(200, await bench.StatusAsync(await bench.TokenAsync("ana", "agents", "sales")));
        using (var forged = await bench.SendAsync(
            await bench.TokenAsync("ben", "agents"), change: static request => request.Headers.Add("X-User", "root")))
            Assert.Equal(HttpStatusCode.OK, forged.StatusCode);

        Assert.Equal(
            [("ana", "agents,sales", "support"), ("ben", "agents", "support")],
            bench.Crm.Requests.Select(static request =>
                (request.Headers["X-User"], request.Headers["X-Groups"], request.Headers["X-Grant"])));
    }

    [NodeFact]
    public async Task A_call_whose_caller_lacks_a_value_is_not_sent()
    {
        await using var bench = await CallerBench.StartAsync(
            crm: """, "callerHeaders": { "X-User": "{caller.subject}" }""");

        using var response = await bench.SendAsync(TestTokens.Agent);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("X-User", text);
        // What one caller lacks is no fault of the server.
        using var status = await bench.SendAsync(
            null, "/api/v1/status", change: static request =>
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {CallerBench.AdminKey}"),
            method: HttpMethod.Get);
        Assert.DoesNotContain("callerHeaders", await status.Content.ReadAsStringAsync());
        Assert.Contains("caller.subject", text);
        Assert.Empty(bench.Crm.Requests);
    }

    [NodeTheory]
    [InlineData(", \"callerHeaders\": { \"X-User\": \"{caller.subject}\" }", "ok")]
    [InlineData("", "failing")]
    public async Task A_caller_whose_own_credential_is_refused_is_no_fault_of_the_server(string crm, string health)
    {
        const string call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find","arguments":{}}}""";
        await using var bench = await CallerBench.StartAsync(crm: crm);
        bench.Crm.Answer = static (http, _) => RecordingServer.JsonAsync(http, "{}", 401);

        using var refused = await bench.SendAsync(await bench.TokenAsync("ana", "agents"), body: call);

        Assert.Single(bench.Crm.Requests);
        Assert.Equal(health, (string?)(await bench.AdminAsync("servers/crm"))!["health"]!["health"]);
    }

    [NodeFact]
    public async Task Calls_carry_a_token_that_is_exchanged_once_for_each_token_of_a_caller()
    {
        CallerBench? started = null;
        await using var exchange = await ExchangeServer.StartAsync(() => started!.Issuer);
        await using var bench = started = await CallerBench.StartAsync(crm: Account(exchange, "token_exchange"));
        var (ana, ben) = (await bench.TokenAsync("ana", "agents"), await bench.TokenAsync("ben", "agents"));

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => bench.StatusAsync(i % 2 == 0 ? ana : ben)));

        Assert.All(statuses, static status => Assert.Equal(200, status));
        Assert.Equal(2, exchange.Requests.Count);
        Assert.All(exchange.Requests, request =>
        {
            Assert.Equal("urn:ietf:params:oauth:grant-type:token-exchange", request.GrantType);
            Assert.Contains(request.SubjectToken, new[] { ana, ben });
            Assert.Equal(bench.Crm.Url, (string?)request.GetParameter("resource"));
        });
        Assert.Equal(
            [("ana", 10), ("ben", 10)],
            bench.Crm.Requests.GroupBy(static request => SubjectOf(request.Headers["Authorization"]))
                .Select(static group => (group.Key, group.Count())).Order());

        // Another token of the same person may have other claims.
        Assert.Equal(200, await bench.StatusAsync(await bench.TokenAsync("ana", "agents", "sales")));
        Assert.Equal(3, exchange.Requests.Count);
    }

    [NodeTheory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task A_call_to_servers_as_one_carries_a_token_that_was_exchanged(string version)
    {
        CallerBench? started = null;
        await using var exchange = await ExchangeServer.StartAsync(() => started!.Issuer);
        await using var bench = started = await CallerBench.StartAsync(crm: Account(exchange, "token_exchange"));
        bench.Crm.Answer = CallerHeaderTests.AnswerAsync;
        var ana = await bench.TokenAsync("ana", "agents");

        if (version == "2026-07-28")
        {
            Assert.Equal("allowed", await CallerHeaderTests.CallAsync(
                bench.Client, bench, ana, "/mcp", "crm__find", "X-None"));
        }
        else
        {
            await using var client = await McpClient.CreateAsync(
                new HttpClientTransport(new HttpClientTransportOptions
                {
                    Endpoint = new Uri(bench.Address, "/mcp"),
                    TransportMode = HttpTransportMode.StreamableHttp,
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {ana}" },
                }),
                OfficialOptions.Speaking(version));
            Assert.NotEqual(true, (await client.CallToolAsync("crm__find")).IsError);
        }

        var call = Assert.Single(bench.Crm.Requests, static request => request.Text.Contains("\"tools/call\""));
        Assert.Equal("ana", SubjectOf(call.Headers["Authorization"]));
        Assert.All(exchange.Requests.Where(static one => one.SubjectToken is not null), one =>
            Assert.Equal(ana, one.SubjectToken));
    }

    [NodeFact]
    public async Task A_call_without_a_token_of_an_issuer_or_whose_exchange_is_refused_is_not_sent()
    {
        CallerBench? started = null;
        await using var exchange = await ExchangeServer.StartAsync(() => started!.Issuer);
        await using var bench = started = await CallerBench.StartAsync(crm: Account(exchange, "token_exchange"));
        exchange.Refused["ben"] = 0;

        using var own = await bench.SendAsync(TestTokens.Agent);
        using var refused = await bench.SendAsync(await bench.TokenAsync("ben", "agents"));

        Assert.Contains("access token of an issuer", await own.Content.ReadAsStringAsync());
        var text = (string)JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!["message"]!;
        Assert.Contains("exchange the caller's token", text);
        Assert.Contains("invalid_grant", text);
        Assert.Empty(bench.Crm.Requests);
        Assert.Equal(200, await bench.StatusAsync(await bench.TokenAsync("ana", "agents")));
    }

    [NodeFact]
    public async Task An_audience_replaces_the_resource()
    {
        CallerBench? started = null;
        await using var exchange = await ExchangeServer.StartAsync(() => started!.Issuer);
        await using var bench = started = await CallerBench.StartAsync(
            crm: Account(exchange, "token_exchange", ", \"audience\": \"crm-api\", \"scope\": \"read\""));

        Assert.Equal(200, await bench.StatusAsync(await bench.TokenAsync("ana", "agents")));

        var request = Assert.Single(exchange.Requests);
        Assert.Equal("crm-api", (string?)request.GetParameter("audience"));
        Assert.Null(request.GetParameter("resource"));
        Assert.Equal("read", request.Scope);
    }

    [NodeFact]
    public async Task On_behalf_of_sends_what_Microsoft_Entra_expects()
    {
        await using var entra = await TokenIssuer.StartAsync();
        await using var bench = await CallerBench.StartAsync(crm: $$"""
            , "oauth": { "clientId": "gateway", "clientSecret": "{{TokenIssuer.Secret}}", "issuer": "{{entra.Issuer}}",
                         "exchange": "on_behalf_of", "scope": "api://crm/.default" }
            """);
        var token = await bench.TokenAsync("ana", "agents");

        Assert.Equal(200, await bench.StatusAsync(token));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
                ["assertion"] = token,
                ["requested_token_use"] = "on_behalf_of",
                ["scope"] = "api://crm/.default",
                ["client_id"] = "gateway",
                ["client_secret"] = TokenIssuer.Secret,
            },
            Assert.Single(entra.Forms));
        Assert.Equal("Bearer issued-1", Assert.Single(bench.Crm.Requests).Headers["Authorization"]);
    }

    [NodeFact]
    public async Task A_server_verifies_the_token_about_the_caller_with_the_published_keys()
    {
        await using var bench = await CallerBench.StartAsync(crm: """, "callerToken": { "audience": "crm" }""");
        Assert.Equal(200, await bench.StatusAsync(await bench.TokenAsync("ana", "agents")));
        Assert.Equal(200, await bench.StatusAsync(TestTokens.Agent));
        var place = new Uri(bench.Address, "/.well-known/jwks.json");
        var keys = new JsonWebKeySet(await bench.Client.GetStringAsync(place));

        var results = new List<TokenValidationResult>();
        foreach (var request in bench.Crm.Requests)
        {
            results.Add(await new JsonWebTokenHandler().ValidateTokenAsync(
                request.Headers["Authorization"]["Bearer ".Length..],
                new TokenValidationParameters
                {
                    IssuerSigningKeys = keys.GetSigningKeys(),
                    ValidIssuer = CallerBench.Origin,
                    ValidAudience = "crm",
                    ValidAlgorithms = ["ES256"],
                    ClockSkew = TimeSpan.Zero,
                }));
        }

        Assert.Equal(3, keys.Keys.Select(static key => key.Kid).Distinct().Count());
        Assert.All(results, static result => Assert.True(result.IsValid, result.Exception?.ToString()));
        Assert.Equal(
            [("ana", "support", bench.Issuer), ("grant:agent", "agent", null)],
            results.Select(static result => (
                (string)result.Claims["sub"], (string)result.Claims["grant"],
                result.Claims.TryGetValue("caller_iss", out var issuer) ? (string)issuer : null)));
        Assert.NotEqual(results[0].Claims["jti"], results[1].Claims["jti"]);
    }

    [NodeFact]
    public async Task Without_a_token_about_callers_no_keys_are_published()
    {
        await using var bench = await CallerBench.StartAsync();
        using var response = await bench.Client.GetAsync(new Uri(bench.Address, "/.well-known/jwks.json"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static string Account(ExchangeServer exchange, string kind, string more = "") => $$"""
        , "oauth": { "clientId": "{{ExchangeServer.ClientId}}", "clientSecret": "{{ExchangeServer.Secret}}",
                     "issuer": "{{exchange.Issuer}}/", "exchange": "{{kind}}" {{more}} }
        """;

    private static string SubjectOf(string authorization)
    {
        var payload = authorization["Bearer ".Length..].Split('.')[1];
        var claims = JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload));
        return claims.GetProperty("sub").GetString()!;
    }
}
