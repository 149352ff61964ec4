namespace Gateway.Server.Tests.Sliding;

/// <summary>A sliding limit from the policy to what the agent reads, on a clock that the test moves.</summary>
public sealed class SlidingLimitTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
            { "counter": "pays", "window": "minute", "max": 2, "kind": "sliding" } ] } } }
        """;

    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";

    /// <summary>Five seconds before the minute ends: a fixed window would start over then.</summary>
    private static readonly DateTimeOffset Late = new(2027, 1, 15, 12, 0, 55, TimeSpan.Zero);

    [Fact]
    public async Task Holds_across_the_edge_of_a_minute_and_says_when_to_come_back()
    {
        var time = new JumpingTime(Late, isStill: true);
        await using var server = await RecordingServer.StartAsync();
        await using var gateway = await TestGateway.StartAsync(server.Url, Policy, time: time);
        using (var first = await gateway.PostAsync(Call))
        {
            Assert.Equal("\"pays\";q=2;w=60", first.Headers.GetValues("RateLimit-Policy").Single());

            // All is free again after the length, 2 s in which it could be used, and the tolerance for clocks.
            Assert.Matches("^\"pays\";r=1;t=6[1-3]$", first.Headers.GetValues("RateLimit").Single());
        }

        time.Jump(TimeSpan.FromSeconds(10));
        await gateway.CallToolAsync("pay");
        using var refused = await gateway.PostAsync(Call);
        Assert.Matches("^\"pays\";r=0;t=[45][0-9]$", refused.Headers.GetValues("RateLimit").Single());
        using var answer = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        var result = answer.RootElement.GetProperty("result");
        Assert.Contains(
            "Counter pays has 0 of 2 left in any 60s, but this call needs 1. Enough is available at 2027-01-15T12:01:5",
            result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        var limit = result.GetProperty("_meta").GetProperty("policy-gateway/decision").GetProperty("limit");
        Assert.Equal(2, limit.GetProperty("used").GetInt32());
        Assert.Equal(0, limit.GetProperty("remaining").GetInt32());
        var resetAt = limit.GetProperty("resetAt").GetDateTimeOffset();
        Assert.InRange(resetAt, Late.AddSeconds(62.5), Late.AddSeconds(65));
        var retryAfter = TimeSpan.FromMilliseconds(limit.GetProperty("retryAfterMs").GetInt64());

        Assert.Equal(2, server.Requests.Count);
        time.Jump(retryAfter);
        await gateway.CallToolAsync("pay");
        Assert.Equal(3, server.Requests.Count);
        await gateway.CallToolAsync("pay");
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_error_gives_back_at_once_and_not_when_it_comes_late()
    {
        const string policy = """
            { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
                { "counter": "pays", "window": "hour", "max": 1, "kind": "sliding", "refund_on_error": true } ] } } }
            """;
        var time = new JumpingTime(Late, isStill: true);
        await using var server = await RecordingServer.StartAsync();
        await using var gateway = await TestGateway.StartAsync(server.Url, policy, time: time);
        const string error = """{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}""";
        server.Answer = (http, _) => RecordingServer.JsonAsync(http, error);
        await gateway.CallToolAsync("pay");
        server.Answer = (http, _) =>
        {
            time.Jump(TimeSpan.FromSeconds(5));
            return RecordingServer.JsonAsync(http, error);
        };
        await gateway.CallToolAsync("pay");
        Assert.Equal(2, server.Requests.Count);
        await gateway.CallToolAsync("pay");
        Assert.Equal(2, server.Requests.Count);
        await gateway.DisposeHostAsync();
        var counted = gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "outcome")
            .Select(static record => record.GetProperty("counted").GetString());
        Assert.Equal(["refunded", "counted, since the window had ended"], counted);
    }

    [Fact]
    public async Task A_gateway_that_starts_again_goes_on_counting()
    {
        var time = new JumpingTime(Late, isStill: true);
        await using var server = await RecordingServer.StartAsync();
        var first = await TestGateway.StartAsync(server.Url, Policy, time: time);
        await first.CallToolAsync("pay");
        await first.DisposeHostAsync();
        time.Jump(TimeSpan.FromSeconds(30));
        await using var again = await TestGateway.StartAsync(server.Url, Policy, time: time, after: first);
        await again.CallToolAsync("pay");
        await again.CallToolAsync("pay");
        Assert.Equal(2, server.Requests.Count);
        first.Client.Dispose();
    }
}
