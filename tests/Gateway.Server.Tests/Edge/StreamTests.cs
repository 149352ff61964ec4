namespace Gateway.Server.Tests.Edge;

/// <summary>Answers as streams, broken and abandoned.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}""";

    private const string StatelessCall = """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
        """;

    private const string Response = """{"jsonrpc":"2.0","id":1,"result":{}}""";

    private readonly TaskCompletionSource _serverAborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, """{ "version": "1", "default": "allow" }""");
    }

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Passes_each_event_on_as_it_comes()
    {
        _server.Answer = StreamAsync;
        using var response = await OpenAsync(Call, stateless: false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("id: 1", await reader.ReadLineAsync());
        Assert.Equal("data: first", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());
        _goOn.SetResult();
        Assert.Equal($"data: {Response}\n\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Ends_the_upstream_call_when_a_stateless_client_leaves()
    {
        _server.Answer = StreamAsync;
        var response = await OpenAsync(StatelessCall, stateless: true);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();

        response.Dispose();

        await _serverAborted.Task.WaitAsync(Soon.AtMost);
    }

    [Fact]
    public async Task Call_whose_response_breaks_off_ends_with_an_error()
    {
        _server.Answer = static async (http, _) =>
        {
            await http.Response.WriteAsync("data: half");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };

        using var response = await OpenAsync(Call, stateless: false);

        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"error\"", body, StringComparison.Ordinal);
        Assert.Contains("may have been executed", body, StringComparison.Ordinal);
        Assert.DoesNotContain("half", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_a_call_did_not_reach_a_server_that_is_down_and_counts_nothing()
    {
        await using var gateway = await TestGateway.StartAsync("http://127.0.0.1:1/mcp", """
            { "version": "1", "default": "allow", "tools": { "slow": { "limits": [ { "counter": "c", "window": "month", "max": 1 } ] } } }
            """);

        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.PostAsync(Call);

            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Contains("not counted", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Turns_the_servers_401_into_a_502_that_names_the_credential()
    {
        _server.Answer = (http, _) =>
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        };

        using var response = await _gateway.PostAsync(Call);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
        Assert.Contains("srv", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_follows_a_redirect_with_the_servers_secret()
    {
        await using var other = await RecordingServer.StartAsync();
        _server.Answer = (http, _) =>
        {
            http.Response.Redirect(other.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };

        using var response = await _gateway.PostAsync(Call);

        Assert.Empty(other.Requests);
    }

    private async Task StreamAsync(HttpContext http, RecordedRequest request)
    {
        http.RequestAborted.Register(() => _serverAborted.TrySetResult());
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("id: 1\ndata: first\n\n");
        await http.Response.Body.FlushAsync();
        await Task.WhenAny(_goOn.Task, _serverAborted.Task);
        await http.Response.WriteAsync($"data: {Response}\n\n");
    }

    private async Task<HttpResponseMessage> OpenAsync(string body, bool stateless)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _gateway.Endpoint)
        {
            Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (stateless)
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "slow");
        }

        return await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
