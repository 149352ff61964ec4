namespace Gateway.Server.Tests.Connect;

/// <summary>What a client finds its way by, before it has anything.</summary>
public sealed class MetadataTests : IAsyncLifetime, IDisposable
{
    private const string Issuer = "http://localhost:9412";
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await StartAsync($$""", "oauth": { "issuer": "{{Issuer}}" }""");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/mcp/srv")]
    [InlineData("/mcp/srv/")]
    [InlineData("/mcp")]
    [InlineData("/mcp/")]
    public async Task Claude_ai_and_VS_Code_find_the_resource_as_they_wrote_it_by_an_absolute_address(string path)
    {
        using var refused = await _client.GetAsync(new Uri(_gateway.Address, path));

        Assert.Equal(
            $"Bearer resource_metadata=\"{Issuer}/.well-known/oauth-protected-resource{path}\", scope=\"mcp\"",
            Assert.Single(refused.Headers.GetValues("WWW-Authenticate")));
        var (status, json) = await GetAsync($"/.well-known/oauth-protected-resource{path}");
        Assert.Equal((200, Issuer + path), (status, (string?)json!["resource"]));
        Assert.Equal($"[\"{Issuer}\"]", json["authorization_servers"]!.ToJsonString());
        Assert.Equal("[\"mcp\"]", json["scopes_supported"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-authorization-server/mcp/srv")]
    [InlineData("/mcp/srv/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-authorization-server/mcp")]
    [InlineData("/mcp/.well-known/oauth-authorization-server")]
    public async Task Old_clients_find_the_same_authorization_server(string path)
    {
        var (status, json) = await GetAsync(path);

        Assert.Equal((200, Issuer), (status, (string?)json!["issuer"]));
        Assert.Equal(
            """["none","client_secret_basic","client_secret_post","private_key_jwt"]""",
            json["token_endpoint_auth_methods_supported"]!.ToJsonString());
        Assert.Equal("""["mcp","offline_access"]""", json["scopes_supported"]!.ToJsonString());
        Assert.Equal("""["S256"]""", json["code_challenge_methods_supported"]!.ToJsonString());
        Assert.All(
            (string[])["authorization_endpoint", "token_endpoint", "registration_endpoint", "revocation_endpoint"],
            name => Assert.StartsWith(Issuer + "/", (string?)json[name], StringComparison.Ordinal));
        Assert.True((bool)json["client_id_metadata_document_supported"]!);
        Assert.True((bool)json["authorization_response_iss_parameter_supported"]!);
        Assert.DoesNotContain(json.AsObject(), static member => member.Value is null);
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp/none")]
    [InlineData("/.well-known/oauth-protected-resource/mcp/srv/x")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/openid-configuration/mcp/srv")]
    [InlineData("/mcp/srv/.well-known/openid-configuration")]
    public async Task Everything_else_is_no_metadata(string path) =>
        Assert.Equal(404, (await GetAsync(path)).Status);

    [Fact]
    public async Task An_invalid_token_is_rejected_and_an_unknown_server_is_not_announced()
    {
        using var wrong = await SendAsync("/mcp/srv", "Authorization", "Bearer pga_made_up_by_somebody");
        using var unknown = await SendAsync("/mcp/none");

        Assert.StartsWith(
            "Bearer error=\"invalid_token\", resource_metadata=",
            Assert.Single(wrong.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
        Assert.Equal("Bearer", Assert.Single(unknown.Headers.GetValues("WWW-Authenticate")));
        Assert.Equal((401, 401), ((int)wrong.StatusCode, (int)unknown.StatusCode));
    }

    [Fact]
    public async Task A_spoofed_host_changes_no_address_and_is_refused()
    {
        using var metadata = await SendAsync(
            "/.well-known/oauth-protected-resource/mcp/srv", "Host", "evil.example.com");
        using var call = await SendAsync("/mcp/srv", "Host", "evil.example.com");
        using var allowed = await SendAsync("/mcp/srv", "Host", "127.0.0.1:1");

        Assert.Equal((403, 403), ((int)metadata.StatusCode, (int)call.StatusCode));
        Assert.False(call.Headers.Contains("WWW-Authenticate"));
        Assert.Contains(Issuer, Assert.Single(allowed.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspector_reads_it_all_from_a_page_in_a_browser()
    {
        const string page = "http://localhost:6274";
        using var metadata = await SendAsync("/.well-known/oauth-authorization-server", "Origin", page);
        using var refused = await SendAsync("/mcp/srv", "Origin", page);
        using var otherOrigin = await SendAsync("/mcp/srv", "Origin", "https://evil.example.com");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(_gateway.Address, "/mcp/srv"));
        preflight.Headers.Add("Origin", page);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,mcp-protocol-version");
        using var asked = await _client.SendAsync(preflight);

        Assert.Equal("*", Assert.Single(metadata.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(page, Assert.Single(refused.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains(
            "WWW-Authenticate", Assert.Single(refused.Headers.GetValues("Access-Control-Expose-Headers")),
            StringComparison.Ordinal);
        Assert.Equal((401, 403, 204), ((int)refused.StatusCode, (int)otherOrigin.StatusCode, (int)asked.StatusCode));
        Assert.False(otherOrigin.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Contains(
            "mcp-protocol-version", Assert.Single(asked.Headers.GetValues("Access-Control-Allow-Headers")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_issuer_everything_is_as_it_was()
    {
        await using var plain = await StartAsync("");
        using var refused = await _client.GetAsync(plain.Endpoint);
        using var metadata = await _client.GetAsync(
            new Uri(plain.Address, "/.well-known/oauth-authorization-server"));

        Assert.Equal("Bearer", Assert.Single(refused.Headers.GetValues("WWW-Authenticate")));
        Assert.Equal(404, (int)metadata.StatusCode);
    }

    private Task<TestGateway> StartAsync(string more) =>
        TestGateway.StartAsync(_server.Url, """{ "version": "1", "default": "deny" }""", more);

    private async Task<(int Status, JsonNode? Json)> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(_gateway.Address, path));
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? header = null, string? value = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.Address, path));
        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        return await _client.SendAsync(request);
    }
}
