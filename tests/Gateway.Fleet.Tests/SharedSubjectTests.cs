namespace Gateway.Fleet.Tests;

/// <summary>A caller that is stopped at one gateway of a fleet is stopped at all of them.</summary>
public class SharedSubjectTests(ITestOutputHelper output) : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [ClusterFact]
    public async Task A_stopped_caller_is_refused_at_every_gateway_until_an_operator_resumes_it()
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

        foreach (var verb in (string[])["pause", "expire", "revoke"])
        {
            await SendAsync(first, verb, verb == "expire" ? "1s" : null);
            if (verb == "expire")
                await BecomesAsync(HttpStatusCode.Forbidden, first, ana);
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(first, ana));
            await BecomesAsync(HttpStatusCode.Forbidden, second, ana, verb);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, ben));
            await using var third = await Bench.StartGatewayAsync();
            await BecomesAsync(HttpStatusCode.OK, third, ben);
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(third, ana));

            await SendAsync(second, "resume");

            Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, ana));
            await BecomesAsync(HttpStatusCode.OK, first, ana, $"resume after {verb}");
            await BecomesAsync(HttpStatusCode.OK, third, ana);
        }
    }

    private static async Task SendAsync(GatewayProcess gateway, string verb, string? expires = null)
    {
        var body = new JsonObject { ["issuer"] = "corp", ["subject"] = "ana" };
        if (expires is not null)
            body["expires"] = expires;
        using var done = await new Operator(gateway).SendAsync(HttpMethod.Post, $"subjects/{verb}", body);
        Assert.True(done.StatusCode == HttpStatusCode.OK, await done.Content.ReadAsStringAsync());
    }

    // ControlStoreTests.A_notification_alone_wakes_another_process proves that no poll is needed; the delay is printed.
    private async Task BecomesAsync(HttpStatusCode status, GatewayProcess gateway, string token, string? after = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Soon.UntilAsync(
            async () => await StatusAsync(gateway, token) == status, $"the gateway answers {(int)status}");
        if (after is not null)
            output.WriteLine($"{after}: {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:N0} ms");
    }

    private static async Task<HttpStatusCode> StatusAsync(GatewayProcess gateway, string token)
    {
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.PostAsync(
            "", new StringContent(Ping, new MediaTypeHeaderValue("application/json")));
        return response.StatusCode;
    }
}
