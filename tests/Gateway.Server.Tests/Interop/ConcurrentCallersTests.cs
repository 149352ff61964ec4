namespace Gateway.Server.Tests.Interop;

/// <summary>Many callers at once over HTTP: the limit is exact, and it is the server that counts.</summary>
public sealed class ConcurrentCallersTests
{
    private const int Callers = 64;
    private const int CallsEach = 20;
    private const int Max = 1_000;

    private const string Call = """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_customer",
        "arguments":{"customer_id":"c-1001"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientInfo":{"name":"callers","version":"1.0.0"},
        "io.modelcontextprotocol/clientCapabilities":{}}}}
        """;

    [Fact]
    public async Task Exactly_1000_calls_of_64_concurrent_callers_reach_the_server()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var server = await SampleMcpServer.StartAsync(deadline.Token);
        await using var gateway = await TestGateway.StartAsync(server.Address, InteropPolicies.Thousand);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var callers = Enumerable.Range(0, Callers)
            .Select(_ => CallAsync(http, gateway.Endpoint, start.Task, deadline.Token))
            .ToArray();
        start.SetResult();
        var admitted = (await Task.WhenAll(callers)).Sum();

        Assert.Equal(Max, admitted);
        Assert.Equal(Max, server.Calls["get_customer"]);
        Assert.Equal(Max, server.Calls.Total);
    }

    private static async Task<int> CallAsync(HttpClient http, Uri endpoint, Task start, CancellationToken cancellation)
    {
        await start;
        var admitted = 0;
        for (var call = 0; call < CallsEach; call++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
            request.Content = new StringContent(Call, Encoding.UTF8, "application/json");
            request.Headers.Accept.ParseAdd("application/json, text/event-stream");
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "get_customer");
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsStringAsync(cancellation);
            Assert.True(response.IsSuccessStatusCode, body);
            if (body.Contains("Ada Moreno", StringComparison.Ordinal)) admitted++;
            else Assert.Contains("\"rate_limited\"", body);
        }

        return admitted;
    }
}
