namespace Gateway.Fleet.Tests;

/// <summary>A caller that is stopped at one gateway of a fleet is stopped at all of them.</summary>
public class SharedSubjectTests() : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [ClusterFact]
    public async Task A_revoked_caller_is_refused_at_every_gateway_until_an_operator_resumes_it()
    {
        await using var provider = await CompanyProvider.StartAsync();
        Bench.Configure($$"""
            , "identity": { "issuers": { "corp": { "issuer": "{{provider.Issuer}}", "audience": "gateway" } } }
            """);
        var config = await File.ReadAllTextAsync(Bench.ConfigPath);
        await File.WriteAllTextAsync(Bench.ConfigPath, config.Replace("\"grants\": {", """
            "grants": {
              "staff": { "server": "srv", "policy": "policy", "order": 1, "match": { "issuer": "corp" } },
            """, StringComparison.Ordinal));
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var (ana, ben) = (await provider.TokenAsync("ana"), await provider.TokenAsync("ben"));
        await BecomesAsync(HttpStatusCode.OK, first, ana);
        await BecomesAsync(HttpStatusCode.OK, second, ana);

        await SendAsync(first, "revoke");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(first, ana));
        await BecomesAsync(HttpStatusCode.Forbidden, second, ana);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, ben));
        await using var third = await Bench.StartGatewayAsync();
        await BecomesAsync(HttpStatusCode.OK, third, ben);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(third, ana));

        await SendAsync(second, "resume");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, ana));
        await BecomesAsync(HttpStatusCode.OK, first, ana);
        await BecomesAsync(HttpStatusCode.OK, third, ana);
    }

    private static async Task SendAsync(GatewayProcess gateway, string verb)
    {
        using var done = await new Operator(gateway).SendAsync(HttpMethod.Post, $"subjects/{verb}", new JsonObject
        {
            ["issuer"] = "corp",
            ["subject"] = "ana",
        });
        Assert.True(done.StatusCode == HttpStatusCode.OK, await done.Content.ReadAsStringAsync());
    }

    private static Task BecomesAsync(HttpStatusCode status, GatewayProcess gateway, string token) => Soon.UntilAsync(
        async () => await StatusAsync(gateway, token) == status, $"the gateway answers {(int)status}");

    private static async Task<HttpStatusCode> StatusAsync(GatewayProcess gateway, string token)
    {
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.PostAsync(
            "", new StringContent(Ping, new MediaTypeHeaderValue("application/json")));
        return response.StatusCode;
    }
}
