namespace Gateway.Server.Tests.Edge;

/// <summary>Bodies that anybody with a token can send, and what they leave in the log.</summary>
public sealed class BadBodyTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "operator-key-0123456789";
    private readonly TestFolder _folder = new();
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var config = TestConfig.Write(
            _folder.Path, _server.Url, """{ "version": "1", "default": "allow" }""",
            $$""", "admin": { "key": "{{AdminKey}}" }""");
        _gateway = await GatewayProcess.StartAsync(config, Path.Combine(_folder.Path, "data"));
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("5;x=\n\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("5;\nxx\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("zz\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("-5\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("ffffffffffffffff\r\nhello\r\n0\r\n\r\n", 400)]
    [InlineData("5\r\nhelloXX\r\n0\r\n\r\n", 400)]
    [InlineData("5\r\nhello\r\n0\r\nnot a trailer\r\n\r\n", 400)]
    [InlineData("HUGE", 413)]
    [InlineData("LARGE", 413)]
    public async Task A_body_that_cannot_be_read_is_answered_and_leaves_no_stack_in_the_log(string body, int status)
    {
        foreach (var head in new[]
        {
            $"POST /mcp/srv HTTP/1.1\r\nAuthorization: Bearer {TestTokens.Agent}\r\n",
            $"POST /api/v1/grants HTTP/1.1\r\nAuthorization: Bearer {AdminKey}\r\n",
        })
        {
            // Of the admin API more is read than of an agent.
            var bytes = body == "LARGE" && head.Contains("/api/", StringComparison.Ordinal) ? "HUGE" : body;
            var answer = await SayAsync(head, bytes);

            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            if (status == 400)
                Assert.Contains("The body cannot be read: ", answer, StringComparison.Ordinal);
        }

        // The process answers, so what it had to say of them stands in the log.
        using var client = _gateway.Client();
        await client.GetAsync(new Uri(_gateway.Address, "/readyz"));
        _gateway.Terminate();
        await _gateway.WaitForExitAsync();
        Assert.DoesNotContain("   at ", _gateway.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", _gateway.Errors, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_servers_own_quota_does_not_stand_beside_the_limits_of_the_policy()
    {
        _server.Answer = (http, _) =>
        {
            foreach (var name in (string[])["RateLimit", "ratelimit-policy", "RateLimit-Limit", "RateLimit-Remaining",
                "RateLimit-Reset", "X-RateLimit-Remaining", "x-ratelimit-limit-requests", "X-Rate-Limit-Reset"])
            {
                http.Response.Headers[name] = "\"theirs\";r=1;t=9";
            }

            http.Response.Headers["X-Other"] = "kept";
            return RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        };
        await using var gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "deny", "tools": { "free": {},
              "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 9 } ] } } }
            """);

        foreach (var tool in (string[])["pay", "free"])
        {
            using var answer = await gateway.PostAsync(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"} }""");
            var quotas = answer.Headers
                .Where(static header => header.Key.Replace("-", "", StringComparison.Ordinal)
                    .Contains("RateLimit", StringComparison.OrdinalIgnoreCase))
                .SelectMany(static header => header.Value).ToArray();

            Assert.Equal("kept", answer.Headers.GetValues("X-Other").Single());
            Assert.Equal(tool == "pay" ? 2 : 0, quotas.Length);
            Assert.DoesNotContain(quotas, static quota => quota.Contains("theirs", StringComparison.Ordinal));
        }
    }

    private async Task<string> SayAsync(string head, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port);
        var stream = client.GetStream();
        head += "Host: localhost\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n";
        var reading = ReadAsync(stream);
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head));
            if (body is "HUGE" or "LARGE")
            {
                var size = body == "HUGE" ? 20 << 20 : 5 << 20;
                await stream.WriteAsync(Encoding.Latin1.GetBytes($"{size:x}\r\n"));
                await stream.WriteAsync(Encoding.Latin1.GetBytes(new string(' ', size)));
                body = "\r\n0\r\n\r\n";
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(body));
        }
        catch (IOException)
        {
            // Nobody reads on after the bound.
        }

        return await reading;
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4096];
        var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(Soon.AtMost);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }
}
