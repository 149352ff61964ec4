namespace Gateway.Server.Tests.Connect;

/// <summary>A server with a host name of its own, served at exactly <c>/mcp</c> there.</summary>
public sealed class OwnHostTests : IAsyncLifetime
{
    private const string Host = "crm.mcp.example.com";
    private const string Own = "http://crm.mcp.example.com:9412";
    private ConnectBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync();
        var (_, known) = await _bench.AdminAsync("GET", "servers/other");
        var (status, json) = await _bench.AdminAsync(
            "PUT", "servers/other", new JsonObject { ["url"] = (string?)known!["url"], ["host"] = Host });
        Assert.Equal((200, Host), (status, (string?)json!["host"]));
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Claude_ai_finds_its_way_at_exactly_mcp_and_calls_there()
    {
        var (refused, _, challenge) = await AskAsync("/mcp");
        Assert.Equal(
            (401, $"Bearer resource_metadata=\"{Own}/.well-known/oauth-protected-resource/mcp\", scope=\"mcp\""),
            (refused, challenge));
        var (_, resource, _) = await AskAsync("/.well-known/oauth-protected-resource/mcp");
        Assert.Equal(
            (Own + "/mcp", ConnectBench.Issuer),
            ((string?)resource!["resource"], (string?)resource["authorization_servers"]![0]));
        var (_, server, _) = await AskAsync("/.well-known/oauth-authorization-server");
        Assert.Equal(ConnectBench.Issuer, (string?)server!["issuer"]);

        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        var answer = await _bench.AllowAsync(client, pkce, ("resource", Own + "/mcp"));
        var (status, tokens) = await _bench.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", client), ("code", answer["code"]),
            ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier), ("resource", Own + "/mcp"));
        Assert.Equal(200, status);
        var access = (string)tokens["access_token"]!;
        Assert.NotEqual(401, (await AskAsync("/mcp", access)).Status);
        Assert.Equal(200, (await _bench.CallAsync(access, "/mcp/other")).Status);
        Assert.Equal(401, (await _bench.CallAsync(access)).Status);
        var (_, grant) = await _bench.AdminAsync("GET", "grants/test-client-other");
        Assert.Equal(Own + "/mcp", (string?)grant!["urls"]!["other"]);
    }

    [Fact]
    public async Task Another_server_s_token_is_nothing_there_and_nobody_signs_in_there()
    {
        var (_, access, _) = await _bench.ConnectAsync();

        Assert.Equal(401, (await AskAsync("/mcp", access)).Status);
        Assert.Equal(404, (await AskAsync("/authorize?client_id=x")).Status);
        Assert.Equal(404, (await AskAsync("/sign-in")).Status);
        Assert.Equal(403, (await AskAsync("/mcp", host: "evil.example.com")).Status);
        Assert.Equal(401, (await AskAsync("/mcp", host: "localhost")).Status);
        var (_, all, _) = await AskAsync("/.well-known/oauth-protected-resource/mcp", host: "localhost");
        Assert.Equal(ConnectBench.Issuer + "/mcp", (string?)all!["resource"]);
    }

    private async Task<(int Status, JsonNode? Json, string? Challenge)> AskAsync(
        string path, string? token = null, string host = Host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _bench.Program.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (
            (int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null,
            answer.Headers.TryGetValues("WWW-Authenticate", out var challenge) ? Assert.Single(challenge) : null);
    }
}
