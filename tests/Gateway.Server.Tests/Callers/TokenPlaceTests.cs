namespace Gateway.Server.Tests.Callers;

/// <summary>The places of a request in which a token may be, and those in which it may not.</summary>
public sealed class TokenPlaceTests
{
    [NodeFact]
    public async Task Clients_that_cannot_set_Authorization_send_the_token_in_a_header_that_no_server_receives()
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await bench.TokenAsync("ana", "agents");

        Assert.Equal(200, await StatusAsync(bench, "X-API-Key", TestTokens.Agent));
        Assert.Equal(200, await StatusAsync(bench, "x-api-key", token));
        Assert.Equal(401, await StatusAsync(bench, "X-API-Key", "wrong-token-0123456789"));
        Assert.Equal(401, await StatusAsync(bench, "X-API-Key", $"Bearer {TestTokens.Agent}"));
        Assert.Equal(401, await StatusAsync(bench, "Api-Token", TestTokens.Agent));
        Assert.Equal(2, bench.Crm.Requests.Count);
        Assert.DoesNotContain(
            bench.Crm.Requests, static request => request.Headers.ContainsKey("X-API-Key"));
    }

    [NodeFact]
    public async Task The_header_has_the_configured_name_only()
    {
        await using var bench = await CallerBench.StartAsync(identity: ", \"apiKeyHeader\": \"Api-Token\"");

        Assert.Equal(200, await StatusAsync(bench, "Api-Token", TestTokens.Agent));
        Assert.Equal(401, await StatusAsync(bench, "X-API-Key", TestTokens.Agent));
    }

    [NodeFact]
    public async Task Both_headers_at_once_are_refused()
    {
        await using var bench = await CallerBench.StartAsync();

        using var response = await bench.SendAsync(
            TestTokens.Agent, change: static request => request.Headers.Add("X-API-Key", TestTokens.Agent));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("not in both", await response.Content.ReadAsStringAsync());
        Assert.Empty(bench.Crm.Requests);
    }

    [NodeTheory]
    [InlineData("?access_token=x")]
    [InlineData("?API_KEY=x")]
    [InlineData("?a=1&x-api-key=x")]
    [InlineData("?%61ccess_token=x")]
    public async Task A_token_in_the_URL_is_refused_even_beside_a_valid_one(string query)
    {
        await using var bench = await CallerBench.StartAsync();

        foreach (var path in (string[])["/mcp/crm", "/mcp"])
        {
            using var response = await bench.SendAsync(TestTokens.Agent, path + query);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var text = await response.Content.ReadAsStringAsync();
            Assert.Contains("Authorization: Bearer", text);
            Assert.Contains("gateway stdio", text);
        }

        Assert.Equal(200, await bench.StatusAsync(TestTokens.Agent, "/mcp/crm?tenant=7"));
    }

    [NodeFact]
    public async Task A_token_in_the_URL_is_refused_under_any_name()
    {
        await using var bench = await CallerBench.StartAsync();

        foreach (var token in (string[])[TestTokens.Agent, await bench.TokenAsync("ana", "agents")])
        {
            foreach (var query in (string[])[$"jwt={token}", token, $"auth=Bearer%20{token}"])
                Assert.Equal(400, await bench.StatusAsync(TestTokens.Agent, $"/mcp/crm?{query}"));
        }

        Assert.Empty(bench.Crm.Requests);
    }

    private static async Task<int> StatusAsync(CallerBench bench, string header, string token)
    {
        using var response = await bench.SendAsync(
            null, change: request => request.Headers.TryAddWithoutValidation(header, token));
        return (int)response.StatusCode;
    }
}
