using Gateway.Server.Tests.Credentials;

namespace Gateway.Server.Tests.Money;

/// <summary>A call whose permit ends before its first byte: here while its server's token is fetched.</summary>
public sealed class ExpiredPermitTests
{
    private static readonly DateTimeOffset Late = new(2027, 1, 15, 12, 0, 55, TimeSpan.Zero);
    [Fact]
    public async Task Is_sent_once_by_a_new_permit_and_the_old_one_is_released_on_record()
    {
        var time = new JumpingTime(Late, isStill: true);
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        await using var issuer = await TokenIssuer.StartAsync();
        issuer.Asked = () => time.Jump(TimeSpan.FromSeconds(10));

        await using (var gateway = await StartAsync(folder.Path, server.Url, issuer.Issuer, time))
            Assert.Equal(200, await CallAsync(gateway.Addresses[0]));

        Assert.Single(server.Requests);
        var records = AuditTrail.Read(Path.Combine(folder.Path, "data", "audit"));
        var decisions = records.Where(record => Text(record, "kind") == "decision").ToList();
        Assert.Equal(["allowed", "allowed"], decisions.Select(record => Text(record, "outcome")));
        Assert.Equal(
            ["2027-01-15T12:00:00.000Z", "2027-01-15T12:01:00.000Z"],
            decisions.Select(record => Text(Counter(record, "minutes"), "window")));

        // What still ran was kept, so these numbers are on record twice; the first use says that it was none.
        Assert.Equal(Text(Counter(decisions[0], "hours"), "used"), Text(Counter(decisions[1], "hours"), "used"));
        var outcomes = records.Where(record => Text(record, "kind") == "outcome")
            .ToDictionary(record => Text(record, "callId"), record => (Text(record, "ended"), Text(record, "counted")));
        Assert.Equal(2, outcomes.Count);
        Assert.Equal(("permit expired", "released"), outcomes[Text(decisions[0], "callId")]);
        Assert.Equal(("completed", "counted"), outcomes[Text(decisions[1], "callId")]);
    }

    private static async Task<GatewayHost> StartAsync(string folder, string server, string issuer, TimeProvider time)
    {
        var config = Path.Combine(folder, "gateway.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "servers": { "srv": { "url": "{{server}}", "oauth": {
                "clientId": "gw", "clientSecret": "{{TokenIssuer.Secret}}", "issuer": "{{issuer}}" } } },
              "policies": { "policy": { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
                { "counter": "minutes", "window": "minute", "max": 5 },
                { "counter": "hours", "window": "hour", "max": 5 } ] } } } },
              "grants": { "agent": { "server": "srv", "policy": "policy", "token": "{{TestTokens.Agent}}" } }
            }
            """);
        var options = new GatewayHostOptions
        {
            DataDirectory = Path.Combine(folder, "data"),
            Listen = ["http://127.0.0.1:0"],
            Quiet = true,
            ConfigFile = new() { Path = config },
            Time = time,
        };
        return await GatewayHost.StartAsync(options, CancellationToken.None);
    }

    private static JsonElement Counter(JsonElement decision, string name) => decision.GetProperty("counters")
        .EnumerateArray().Single(counter => Text(counter, "key").Contains(name, StringComparison.Ordinal));

    private static string Text(JsonElement record, string member) => record.GetProperty(member).GetString()!;

    private static async Task<int> CallAsync(string address)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/mcp/srv");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}"""));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
