namespace Gateway.Server.Tests.InFlight;

/// <summary>A server that answers when a test says so, gateways in front of it, and calls.</summary>
public abstract class InFlightTest : IAsyncLifetime
{
    private protected const string Stateless = "2026-07-28";

    private protected JumpingTime Time { get; } = new(TimeProvider.System.GetUtcNow(), isStill: true);

    private protected SlowServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await SlowServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private protected static Task<string> FiguresAsync(TestGateway gateway) =>
        gateway.Client.GetStringAsync(new Uri(gateway.Address, "/metrics"));

    private protected Task<TestGateway> StartAsync(string inFlight) => StartWithAsync(Policy(inFlight));

    private protected Task<TestGateway> StartWithAsync(string policy, string more = "") =>
        TestGateway.StartAsync(Server.Url, policy, more, time: Time, drainTime: TimeSpan.FromSeconds(2));

    private protected static string Policy(string inFlight) => $$"""
        { "version": "1", "default": "deny", "tools": { "slow": { "max_in_flight": {{inFlight}} } } }
        """;

    private protected static async Task<string> CallAsync(
        TestGateway gateway, string? revision = null, string tool = "slow", string token = TestTokens.Agent,
        string more = "", string? session = null, CancellationToken stop = default)
    {
        var meta = revision == Stateless
            ? $$$""","_meta":{"io.modelcontextprotocol/protocolVersion":"{{{Stateless}}}","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"""
            : "";
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Endpoint)
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{}{{{more}}}{{{meta}}}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if (revision is not null)
            request.Headers.Add("MCP-Protocol-Version", revision);
        if (revision == Stateless)
        {
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", tool);
        }

        using var response = await gateway.Client.SendAsync(request, stop);
        return await response.Content.ReadAsStringAsync(stop);
    }

    private protected static bool IsRefused(string answer) =>
        answer.Contains("\"outcome\":\"rate_limited\"", StringComparison.Ordinal);

    private protected static void AssertRefused(string answer, int max, string rule = "/tools/slow/max_in_flight")
    {
        var result = JsonElement.Parse(answer).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        var decision = result.GetProperty("_meta").GetProperty("policy-gateway/decision");
        Assert.Equal("rate_limited", decision.GetProperty("outcome").GetString());
        Assert.Equal(rule, decision.GetProperty("rule").GetString());
        var limit = decision.GetProperty("limit");
        Assert.Equal("(in flight)", limit.GetProperty("counter").GetString());
        Assert.Equal(max, limit.GetProperty("max").GetInt32());
        Assert.Equal(max, limit.GetProperty("used").GetInt32());
        Assert.InRange(limit.GetProperty("retryAfterMs").GetInt32(), 1000, 3000);
        Assert.False(limit.TryGetProperty("resetAt", out _));
        Assert.False(limit.TryGetProperty("window", out _));
    }

    /// <summary>Calls until there is a place, and has that call answered.</summary>
    private protected async Task AdmittedAsync(TestGateway gateway, bool keepReply = false)
    {
        if (!keepReply)
            Server.Reply = static (http, id) => RecordingServer.JsonAsync(http, SlowServer.Result(id));
        var arrived = Server.Calls.Count;
        await Soon.UntilAsync(
            async () =>
            {
                var call = CallAsync(gateway);
                await Soon.UntilAsync(() => call.IsCompleted || Server.Calls.Count > arrived, "it is decided");
                if (Server.Calls.Count == arrived)
                    return false;
                Server.Calls[arrived].Answer();
                if (!keepReply)
                    Assert.Contains("done", await call, StringComparison.Ordinal);
                return true;
            },
            "a call finds a place");
    }

    /// <summary>Moves the clock, and waits until the place was renewed after that.</summary>
    private protected async Task RenewedAsync(TestGateway gateway, TimeSpan jump)
    {
        const string Renewals = "gateway_in_flight_renewals_total{} ";
        async Task<string> SeenAsync() => (await FiguresAsync(gateway)).Split('\n')
            .FirstOrDefault(static line => line.StartsWith(Renewals, StringComparison.Ordinal)) ?? "";
        var before = await SeenAsync();
        Time.Jump(jump);
        await Soon.UntilAsync(async () => await SeenAsync() != before, "the place is renewed");
    }
}
