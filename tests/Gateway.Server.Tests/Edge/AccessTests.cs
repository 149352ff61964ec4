namespace Gateway.Server.Tests.Edge;

/// <summary>Who may speak at all: grants, Host, Origin, methods; nothing of this reaches a server.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(
            _server.Url, """{ "version": "1", "default": "allow" }""",
            """, "publicUrl": "https://mcp.example.com", "allowedOrigins": ["https://console.example.com"], "allowedHosts": ["inner"] """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(null, "Bearer")]
    [InlineData("Bearer wrong-token-0123456789", "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer pgw_expired_token_01234567", "Bearer error=\"invalid_token\"")]
    [InlineData("Basic cGd3Og==", "Bearer error=\"invalid_token\"")]
    [InlineData("Bearer ", "Bearer error=\"invalid_token\"")]
    public async Task Challenges_without_a_valid_grant(string? authorization, string challenge)
    {
        using var response = await _gateway.PostAsync(Ping, request =>
        {
            request.Headers.Authorization = null;
            _gateway.Client.DefaultRequestHeaders.Authorization = null;
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(challenge, response.Headers.WwwAuthenticate.ToString());
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Knows_each_request_of_a_connection_by_the_token_that_it_brings()
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false };
        using var client = new HttpClient(handler);
        var own = _gateway.Client.DefaultRequestHeaders.Authorization!.ToString();
        var wrong = own[..^1] + (own[^1] == '0' ? '1' : '0');
        string[] tokens = [own, own, wrong, own, $"bearer  {own["Bearer ".Length..]}  ", wrong, wrong, own];
        var statuses = new List<HttpStatusCode>();
        foreach (var token in tokens)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _gateway.Endpoint)
            {
                Content = new StringContent(Ping, Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("Authorization", token);
            request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            using var response = await client.SendAsync(request);
            statuses.Add(response.StatusCode);
        }

        const HttpStatusCode No = HttpStatusCode.Unauthorized;
        const HttpStatusCode Yes = HttpStatusCode.OK;
        Assert.Equal([Yes, Yes, No, Yes, Yes, No, No, Yes], statuses);
        Assert.Equal(5, _server.Requests.Count);
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example:80", HttpStatusCode.Forbidden)]
    [InlineData("mcp.example.com", HttpStatusCode.OK)]
    [InlineData("inner:1234", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    public async Task Checks_the_host(string host, HttpStatusCode status)
    {
        using var response = await _gateway.PostAsync(Ping, request => request.Headers.Host = host);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, _server.Requests.Count);
    }

    [Theory]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://console.example.com", HttpStatusCode.OK)]
    [InlineData("http://localhost:5173", HttpStatusCode.OK)]
    public async Task Checks_the_origin_and_keeps_it(string origin, HttpStatusCode status)
    {
        using var response = await _gateway.PostAsync(
            Ping, request => request.Headers.TryAddWithoutValidation("Origin", origin));

        Assert.Equal(status, response.StatusCode);
        Assert.DoesNotContain(_server.Requests, r => r.Headers.ContainsKey("Origin"));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("HEAD")]
    public async Task Answers_a_method_that_mcp_does_not_have_with_405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _gateway.Endpoint);

        using var response = await _gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST", "GET", "DELETE"], response.Content.Headers.Allow);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Answers_a_server_outside_the_grant_with_404()
    {
        using var content = new StringContent(Ping, Encoding.UTF8, "application/json");
        using var response = await _gateway.Client.PostAsync(new Uri(_gateway.Address, "/mcp/other"), content);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Denies_a_grant_without_a_policy_all_but_the_handshake()
    {
        static void AsNoPolicy(HttpRequestMessage request) =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "pgw_no_policy_token_012345");

        using var ping = await _gateway.PostAsync(Ping, AsNoPolicy);
        using var call = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read"}}""", AsNoPolicy);

        Assert.Equal("ping", System.Text.Json.JsonDocument.Parse(Assert.Single(
            _server.Requests).Body).RootElement.GetProperty("method").GetString());
        Assert.Contains("(no policy)", await call.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_body_over_the_bound_with_413()
    {
        using var response = await _gateway.PostAsync(new byte[4 * 1024 * 1024 + 1]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Answers_a_denied_notification_without_json_rpc()
    {
        using var response = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","method":"tools/call","params":{"name":"x","name":"y"}}""");

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Says_that_it_lives_and_is_ready_without_a_key()
    {
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(_gateway.Address, "/livez"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(_gateway.Address, "/readyz"))).StatusCode);
    }
}
