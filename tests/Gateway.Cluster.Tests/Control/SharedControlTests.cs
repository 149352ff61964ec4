namespace Gateway.Cluster.Tests.Control;

/// <summary>What one frontend is told, the others know: grants, sessions, the end of both.</summary>
public sealed class SharedControlTests(ITestOutputHelper output)
{
    [ClusterFact]
    public async Task A_change_at_one_frontend_applies_at_the_other_over_postgres()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (http, _) =>
        {
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            return RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        };
        var config = AgentConfig.Write(folder.Path, server.Url, max: 1);
        var frontends = await Task.WhenAll(Enumerable.Range(1, 2).Select(number => fleet.StartReadyAsync(
            "frontend", "--config", config, "--data", Path.Combine(folder.Path, $"data-{number}"), "--listen",
            "http://127.0.0.1:0")));
        using var first = new FrontendClient(frontends[0].Address);
        using var second = new FrontendClient(frontends[1].Address);

        Assert.Equal("cluster", await first.EngineAsync());
        await GrantsAsync(first, second);
        var kept = await first.GrantAsync("kept");
        await SessionsAsync(server, first, second);
        // What frontends share is no matter of silos there.
        await fleet.Silos[0].KillAsync();
        Assert.Equal(HttpStatusCode.OK, await second.UntilAsync(HttpStatusCode.OK, kept));
        await GrantsAsync(second, first);
    }

    private async Task GrantsAsync(FrontendClient here, FrontendClient there)
    {
        var token = await here.GrantAsync("bot");
        var made = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.OK, await here.StatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await there.UntilAsync(HttpStatusCode.OK, token));
        output.WriteLine($"made at one, served at the other after {made.ElapsedMilliseconds} ms");

        await here.RevokeAsync("bot");
        var revoked = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.Unauthorized, await here.StatusAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await there.UntilAsync(HttpStatusCode.Unauthorized, token));
        output.WriteLine($"revoked at one, refused at the other after {revoked.ElapsedMilliseconds} ms");
    }

    private static async Task SessionsAsync(RecordingServer server, FrontendClient here, FrontendClient there)
    {
        using var opened = await here.PingAsync(AgentConfig.Token);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        using var served = await there.PingAsync(AgentConfig.Token, session);

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("s-1", server.Requests.Last().Headers["Mcp-Session-Id"]);
    }
}
