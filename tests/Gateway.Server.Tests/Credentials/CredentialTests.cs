namespace Gateway.Server.Tests.Credentials;

/// <summary>The gateway's own credentials for servers, from the API to the wire.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private RecordingServer _server = null!;
    private TokenIssuer _issuer = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _issuer = await TokenIssuer.StartAsync();
        _bench = await AdminBench.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _issuer.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_call_carries_the_gateways_token_and_never_the_agents()
    {
        var agent = await ProvideAsync(TokenIssuer.Secret);

        Assert.Equal((200, false), await _bench.CallAsync(agent));

        Assert.Equal("Bearer issued-1", Assert.Single(_server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_refused_token_is_named_to_agent_and_operator_and_the_call_is_sent_once()
    {
        var agent = await ProvideAsync(TokenIssuer.Secret);
        _server.Answer = (http, _) =>
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return Task.CompletedTask;
        };

        var (status, text) = await CallTextAsync(agent);

        Assert.Equal(502, status);
        Assert.Contains("refused (HTTP 401) the access token that the gateway has for it", text,
            StringComparison.Ordinal);
        Assert.Single(_server.Requests);
        var shown = await _bench.SendAsync("GET", "servers/crm");
        Assert.Contains("invalid_token", (string?)shown.Json!["oauth"]!["lastError"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_nothing_counts()
    {
        var agent = await ProvideAsync("wrong-secret");

        for (var i = 0; i < 5; i++)
        {
            var (status, text) = await CallTextAsync(agent);
            Assert.Equal(502, status);
            Assert.Contains("refused the gateway's client (HTTP 401, invalid_client)", text, StringComparison.Ordinal);
            Assert.Contains("was not counted", text, StringComparison.Ordinal);
            Assert.DoesNotContain("wrong-secret", text, StringComparison.Ordinal);
        }

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Secrets_are_sealed_in_the_store_and_shown_to_nobody()
    {
        await ProvideAsync(TokenIssuer.Secret, "a-headers-secret");

        var files = Directory.EnumerateFiles(
            Path.Combine(_bench.Folder, "data"), "*", SearchOption.AllDirectories).ToList();
        var shown = (await _bench.SendAsync("GET", "servers/crm")).Json!;

        Assert.Contains(files, static file => file.Contains("crm", StringComparison.Ordinal));
        Assert.All(files.Where(static file => !file.EndsWith("lock", StringComparison.Ordinal)), static file =>
        {
            var text = Encoding.UTF8.GetString(Read(file));
            Assert.DoesNotContain(TokenIssuer.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("a-headers-secret", text, StringComparison.Ordinal);
        });
        Assert.Equal(["clientId", "issuer"], shown["oauth"]!.AsObject().Select(static member => member.Key));
        Assert.Equal("X-Key", (string?)shown["headerNames"]![0]);
        Assert.DoesNotContain("secret", shown.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_stays_with_the_client_that_it_was_entered_for()
    {
        await ProvideAsync(TokenIssuer.Secret, "a-headers-secret");
        var etag = (await _bench.SendAsync("GET", "servers/crm")).ETag;

        var other = await _bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = _server.Url,
            ["oauth"] = new JsonObject { ["clientId"] = "another", ["issuer"] = _issuer.Issuer },
        }, etag);
        var kept = await _bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = _server.Url,
            ["oauth"] = new JsonObject { ["clientId"] = "gw", ["issuer"] = _issuer.Issuer, ["scope"] = "more" },
        }, etag);
        var removed = await _bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = _server.Url,
            ["oauth"] = new JsonObject(),
        }, kept.ETag);

        Assert.Equal(422, other.Status);
        Assert.Equal("/oauth/clientSecret", (string?)other.Json!["errors"]![0]!["pointer"]);
        Assert.Equal((200, "more"), (kept.Status, (string?)kept.Json!["oauth"]!["scope"]));
        Assert.Equal((200, null), (removed.Status, removed.Json!["oauth"]));
    }

    [Fact]
    public async Task The_command_line_sets_an_account_too()
    {
        var cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);

        var half = await cli.RunAsync("server", "add", "crm", _server.Url, "--oauth-scope", "a");
        var added = await cli.RunAsync("server", "add", "crm", _server.Url, "--oauth-client-id", "gw",
            "--oauth-client-secret", TokenIssuer.Secret, "--oauth-issuer", _issuer.Issuer);
        var set = await cli.RunAsync("server", "set", "crm", "--oauth-scope", "b");

        Assert.Equal((2, 0, 0), (half.ExitCode, added.ExitCode, set.ExitCode));
        var account = (await _bench.SendAsync("GET", "servers/crm")).Json!["oauth"]!;
        Assert.Equal(("gw", "b"), ((string?)account["clientId"], (string?)account["scope"]));
    }

    private async Task<string> ProvideAsync(string secret, string? header = null)
    {
        var body = new JsonObject
        {
            ["url"] = _server.Url,
            ["oauth"] = new JsonObject
            {
                ["clientId"] = "gw",
                ["clientSecret"] = secret,
                ["issuer"] = _issuer.Issuer,
            },
        };
        if (header is not null)
            body["headers"] = new JsonObject { ["X-Key"] = header };
        Assert.Equal(201, (await _bench.SendAsync("PUT", "servers/crm", body)).Status);
        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited));
        var created = await _bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"));
        return created.Json!["token"]!.GetValue<string>();
    }

    private async Task<(int Status, string Text)> CallTextAsync(string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/crm")
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_customers","arguments":{}}}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {agent}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await _bench.Client.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(
            await answer.Content.ReadAsStringAsync())!["error"]!["message"]!.GetValue<string>());
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
