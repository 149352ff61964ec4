namespace Gateway.Fleet.Tests;

/// <summary>What one gateway of a fleet is told, the others know: grants, sessions, the end of both.</summary>
public class SharedControlTests() : FleetTest("""{ "version": "1", "default": "allow" }""")
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [ClusterFact]
    public async Task A_grant_made_at_one_gateway_works_and_ends_at_every_other()
    {
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var grant = await TestGrant.MakeAsync(first, "bot");
        var token = grant.Token;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, token));
        Assert.Equal(HttpStatusCode.OK, await UntilAsync(HttpStatusCode.OK, second, token));

        await grant.RevokeAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(first, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await UntilAsync(HttpStatusCode.Unauthorized, second, token));
    }

    [ClusterFact]
    public async Task A_session_that_one_gateway_opened_is_served_by_another()
    {
        Bench.Server.Answer = (http, _) =>
        {
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            return RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        };
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        using var opened = await PostAsync(first, TestTokens.Agent, null);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        using var served = await PostAsync(second, TestTokens.Agent, session);

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("s-1", Bench.Server.Requests.Last().Headers["Mcp-Session-Id"]);
    }

    [ClusterFact]
    public async Task The_last_use_at_any_gateway_is_shown_by_the_next_one_after_all_have_stopped()
    {
        var first = await Bench.StartGatewayAsync();
        var second = await Bench.StartGatewayAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, TestTokens.Agent));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, TestTokens.Agent));
        var (earlier, later) = (await LastUsedAsync(first), await LastUsedAsync(second));
        Assert.True(later > earlier);

        // The one with the later time stops first: what the other writes after it must not go back.
        foreach (var gateway in new[] { second, first })
        {
            gateway.Terminate();
            await gateway.WaitForExitAsync();
            await gateway.DisposeAsync();
        }

        await using var third = await Bench.StartGatewayAsync();
        Assert.Equal(later, await LastUsedAsync(third));
    }

    private static async Task<DateTimeOffset> LastUsedAsync(GatewayProcess gateway)
    {
        using var answer = await new Operator(gateway).SendAsync(HttpMethod.Get, "grants/agent");
        var grant = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return DateTimeOffset.Parse(grant["lastUsed"]!.GetValue<string>(), CultureInfo.InvariantCulture);
    }

    /// <summary>The change is heard of within a second; a busy machine gets more.</summary>
    internal static async Task<HttpStatusCode> UntilAsync(HttpStatusCode status, GatewayProcess gateway, string token)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var seen = await StatusAsync(gateway, token);
        for (var i = 0; i < 1200 && seen != status; i++)
        {
            await timer.WaitForNextTickAsync();
            seen = await StatusAsync(gateway, token);
        }

        return seen;
    }

    /// <summary>The answer; one that a busy machine starves of its documents denies everybody meanwhile.</summary>
    private static async Task<HttpStatusCode> StatusAsync(GatewayProcess gateway, string token)
    {
        var status = HttpStatusCode.ServiceUnavailable;
        await Soon.UntilAsync(async () =>
        {
            try
            {
                using var response = await PostAsync(gateway, token, null);
                status = response.StatusCode;
                return status != HttpStatusCode.ServiceUnavailable;
            }
            catch (HttpRequestException)
            {
                // A call that is open when its grant ends is cut off.
                return false;
            }
        }, "the gateway serves");
        return status;
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayProcess gateway, string token, string? session)
    {
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (session is not null)
            client.DefaultRequestHeaders.Add("Mcp-Session-Id", session);
        return await client.PostAsync("", new StringContent(Ping, new MediaTypeHeaderValue("application/json")));
    }
}
