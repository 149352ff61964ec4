namespace Gateway.Server.Tests.Edge;

/// <summary>An agent opens sessions without end, each with a counter of its own; there may be 16 in all.</summary>
public sealed class SessionFloodTests : IAsyncLifetime
{
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _server.Answer = AnswerAsync;
        const string policy = """
            { "version": "1", "default": "deny",
              "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2, "scope": "session" },
                { "counter": "all", "window": "month", "max": 100 } ] } } }
            """;
        _gateway = await TestGateway.StartAsync(_server.Url, policy, countersMax: 16);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Refuses_the_counter_of_a_session_too_many_and_then_sessions_and_goes_on_in_those_that_are_open()
    {
        var sessions = new List<string>();
        for (var i = 0; i < 5; i++) sessions.Add(await OpenAsync() ?? "");
        Assert.DoesNotContain("", sessions);

        // A quarter of 16 may be of one grant's sessions.
        for (var i = 0; i < 4; i++)
            Assert.DoesNotContain("denied", await PayAsync(sessions[i]), StringComparison.Ordinal);
        var refused = await PayAsync(sessions[4]);
        Assert.Contains("the maximum number of counted sessions", refused, StringComparison.Ordinal);

        using (var another = await _gateway.PostAsync(Initialize))
        {
            using var answer = JsonDocument.Parse(await another.Content.ReadAsStringAsync());
            var message = answer.RootElement.GetProperty("error").GetProperty("message").GetString();
            Assert.Contains("the maximum number of counted sessions", message, StringComparison.Ordinal);
        }

        // What was counted stays counted: one more of two, and no third.
        Assert.DoesNotContain("denied", await PayAsync(sessions[0]), StringComparison.Ordinal);
        Assert.Contains("rate_limited", await PayAsync(sessions[0]), StringComparison.Ordinal);
        Assert.Equal(5, _server.Requests.Count(request => request.Text == Call));
    }

    private static async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (request.Text == Initialize) http.Response.Headers["Mcp-Session-Id"] = Guid.NewGuid().ToString("N");
        await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""");
    }

    private async Task<string?> OpenAsync()
    {
        using var response = await _gateway.PostAsync(Initialize);
        return response.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
    }

    private async Task<string> PayAsync(string session)
    {
        using var response = await _gateway.PostAsync(Call, request => request.Headers.Add("Mcp-Session-Id", session));
        return await response.Content.ReadAsStringAsync();
    }
}
