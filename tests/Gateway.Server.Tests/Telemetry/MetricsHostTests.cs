namespace Gateway.Server.Tests.Telemetry;

/// <summary>A page in the operator's browser that has bound its own name to the gateway's address.</summary>
public sealed class MetricsHostTests : IAsyncLifetime
{
    private const string More = """
        , "allowedHosts": ["gateway.example"], "allowedOrigins": ["https://console.example"]
        """;

    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server.Url, """{ "version": "1", "default": "deny" }""", More);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData("evil.example:8080", null, 403)]
    [InlineData("localhost.evil.example", null, 403)]
    [InlineData("127.0.0.1.evil.example", null, 403)]
    [InlineData("localhost", "https://evil.example", 403)]
    [InlineData("localhost", "null", 403)]
    [InlineData("10.1.2.3:9090", "http://10.1.2.3:9090", 403)]
    [InlineData("localhost:8080", null, 200)]
    [InlineData("10.1.2.3:9090", null, 200)]
    [InlineData("[fd00::1]:9090", null, 200)]
    [InlineData("gateway.example", null, 200)]
    [InlineData("GATEWAY.example:9090", "https://console.example", 200)]
    [InlineData("localhost", "http://localhost:3000", 200)]
    public async Task Metrics_are_read_under_known_names_and_addresses(string host, string? origin, int status)
    {
        foreach (var path in (string[])["/metrics", "/METRICS"])
            Assert.Equal(status, await GetAsync(path, host, origin));
    }

    [Theory]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/grants")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1/")]
    [InlineData("/openapi/v1.json")]
    public async Task Every_admin_path_refuses_an_unknown_host_a_page_of_another_origin_and_another_address(string path)
    {
        Assert.Equal(403, await GetAsync(path, "evil.example", null));
        Assert.Equal(403, await GetAsync(path, "10.1.2.3:9090", null));
        Assert.Equal(403, await GetAsync(path, "localhost", "https://evil.example"));
        Assert.NotEqual(403, await GetAsync(path, "gateway.example", "https://console.example"));
    }

    private async Task<int> GetAsync(string path, string host, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.Address, path));
        request.Headers.TryAddWithoutValidation("Host", host);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _gateway.AdminKey);
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        using var response = await _gateway.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}
