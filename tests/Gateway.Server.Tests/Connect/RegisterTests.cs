using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Control.Documents;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Connect;

/// <summary>What clients register, each as it really does, and what none may.</summary>
public sealed class RegisterTests : IAsyncLifetime
{
    private ConnectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await ConnectBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Cursor_registers_all_its_addresses_in_one()
    {
        string[] redirects =
        [
            "http://localhost:8787/callback", "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
        ];
        var client = await _bench.RegisterAsync("Cursor", redirects);
        await _bench.SignInAsync();

        foreach (var redirect in redirects)
        {
            var asked = await ConnectBench.PageAsync(
                _bench.Browser, ConnectBench.Question(client, new Pkce(), ("redirect_uri", redirect)));
            Assert.Equal(200, asked.Status);
        }
    }

    [Theory]
    [InlineData("VS Code", "http://127.0.0.1:33418/", "http://127.0.0.1:51000/")]
    [InlineData("Inspector", "http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback")]
    [InlineData("claude.ai", "https://claude.ai/api/mcp/auth_callback", "https://claude.ai/api/mcp/auth_callback")]
    [InlineData("ChatGPT", "https://chatgpt.com/connector/oauth/x1", "https://chatgpt.com/connector/oauth/x1")]
    public async Task Comes_back_at_the_address_that_it_has_then(string name, string registered, string asked)
    {
        var client = await _bench.RegisterAsync(name, registered);
        await _bench.SignInAsync();

        var page = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(client, new Pkce(), ("redirect_uri", asked)));

        Assert.Equal(200, page.Status);
    }

    [Fact]
    public async Task Claude_ai_registers_twice_with_a_secret_in_the_body_and_keeps_one_grant()
    {
        for (var i = 0; i < 2; i++)
        {
            var (_, made) = await _bench.RegisterAsync(Secret("client_secret_post"));
            var pkce = new Pkce();
            var answer = await _bench.AllowAsync((string)made["client_id"]!, pkce);
            var tokens = await _bench.TokenAsync(
                ("grant_type", "authorization_code"), ("client_id", (string?)made["client_id"]),
                ("client_secret", (string?)made["client_secret"]), ("code", answer["code"]),
                ("redirect_uri", ConnectBench.Redirect), ("code_verifier", pkce.Verifier));
            Assert.Equal(200, tokens.Status);
        }

        Assert.Single(await _bench.GrantsAsync());
    }

    [Fact]
    public async Task Claude_Code_sends_its_secret_as_Basic_and_an_invalid_one_gets_an_error()
    {
        var (status, made) = await _bench.RegisterAsync(Secret("client_secret_post"));
        Assert.Equal((201, 0), (status, (int)made["client_secret_expires_at"]!));
        var client = (string)made["client_id"]!;

        Assert.Equal("invalid_client", await BasicAsync(client, "wrong"));
        Assert.Equal("invalid_client", await BasicAsync(client, ""));
        Assert.Equal("invalid_grant", await BasicAsync(client, (string)made["client_secret"]!));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http://client.example.com/callback")]
    [InlineData("http://localhost.evil.example.com/callback")]
    [InlineData("https://user@client.example.com/callback")]
    [InlineData("https://client.example.com/callback#x")]
    [InlineData("https://client.example.com/a/../callback")]
    [InlineData("https://client.example.com/%2e%2E/callback")]
    [InlineData("https:\\\\client.example.com\\callback")]
    [InlineData("unlisted://callback")]
    [InlineData("/callback")]
    [InlineData("")]
    public async Task No_client_registers_an_address_that_is_nobody_s(string redirect)
    {
        var (status, json) = await _bench.RegisterAsync(
            new JsonObject { ["redirect_uris"] = new JsonArray(ConnectBench.Redirect, redirect) });

        Assert.Equal((400, "invalid_redirect_uri"), (status, (string?)json["error"]));
        Assert.Null(json["client_id"]);
    }

    [Theory]
    [InlineData("""{}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":"https://a.example.com/"}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":[1]}""", "invalid_redirect_uri")]
    [InlineData("""{"redirect_uris":["https://a.example.com/"],"token_endpoint_auth_method":"tls"}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example.com/"],"grant_types":["client_credentials"]}""", "invalid_client_metadata")]
    [InlineData("""{"redirect_uris":["https://a.example.com/"],"response_types":["token"]}""", "invalid_client_metadata")]
    public async Task Rejects_a_registration_that_could_not_sign_in(string body, string error)
    {
        var (status, json) = await _bench.RegisterAsync(JsonNode.Parse(body)!.AsObject());

        Assert.Equal((400, error), (status, (string?)json["error"]));
    }

    [Fact]
    public async Task A_flood_is_bounded_for_each_address_by_the_engine_that_counts_calls()
    {
        _bench.Gateway.Host.Services.GetRequiredService<OAuthServerOptions>().SlowedWaitMax = TimeSpan.Zero;
        var statuses = new List<int>();
        for (var i = 0; i < 25; i++)
        {
            statuses.Add((await _bench.RegisterAsync(
                new JsonObject { ["redirect_uris"] = new JsonArray(ConnectBench.Redirect) })).Status);
        }

        // One more in five seconds, for those who share the address.
        Assert.Equal(21, statuses.Count(static status => status == 201));
        Assert.Equal(4, statuses.Count(static status => status == 429));
    }

    [Fact]
    public async Task Registration_at_the_bound_evicts_the_oldest_unused_client_and_keeps_those_in_use()
    {
        var services = _bench.Gateway.Host.Services;
        services.GetRequiredService<OAuthServerOptions>().ClientsMax = 3;
        var (used, _, refresh) = await _bench.ConnectAsync("In use");
        var pending = await _bench.RegisterAsync("Pending");
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(pending, new Pkce()));
        Assert.Equal(200, asked.Status);
        var oldest = await _bench.RegisterAsync("Oldest");

        var newest = await _bench.RegisterAsync("Newest");

        Assert.Equal(3, await CountAsync());
        Assert.Equal(400, (await PageStatusAsync(oldest)));
        Assert.Equal(200, (await PageStatusAsync(newest)));
        Assert.Equal(200, (await _bench.RefreshAsync(used, refresh)).Status);
        Assert.Equal(200, (await _bench.AnswerAsync(asked.Html)).Status);
        // Each of the three is in use now.
        var (status, refused) = await _bench.RegisterAsync(Secret("none"));
        Assert.Equal((503, "temporarily_unavailable"), (status, (string?)refused["error"]));

        async Task<int> CountAsync() => (await services.GetRequiredService<IControlStore>()
            .ReadAsync(CancellationToken.None)).OfKind(ControlKinds.OAuthClients).Count();
        async Task<int> PageStatusAsync(string client) =>
            (await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(client, new Pkce()))).Status;
    }

    [Fact]
    public async Task Consent_for_a_client_that_was_evicted_meanwhile_registers_it_again()
    {
        var services = _bench.Gateway.Host.Services;
        var clients = services.GetRequiredService<ClientStore>();
        var id = await _bench.RegisterAsync();
        var client = await clients.FindAsync(id, CancellationToken.None);
        await services.GetRequiredService<OAuthStore>().DeleteAsync(
            ControlKinds.OAuthClients, OAuthStore.NameOf(id), client!.Version);
        Assert.Null(await clients.FindAsync(id, CancellationToken.None));

        await clients.AllowedAsync(client);

        Assert.NotNull((await clients.FindAsync(id, CancellationToken.None))?.Document.Allowed);
    }

    private static JsonObject Secret(string method) => new()
    {
        ["client_name"] = "Claude",
        ["redirect_uris"] = new JsonArray(ConnectBench.Redirect),
        ["token_endpoint_auth_method"] = method,
        ["scope"] = "claudeai",
    };

    private async Task<string?> BasicAsync(string client, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new FormUrlEncodedContent(
            [
                KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("refresh_token", "none"),
            ]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{secret}")));
        using var answer = await _bench.Program.SendAsync(request);
        return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"];
    }
}
