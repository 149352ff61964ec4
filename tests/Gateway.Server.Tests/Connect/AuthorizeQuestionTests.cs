namespace Gateway.Server.Tests.Connect;

/// <summary>Questions that the page for people takes or refuses before anybody answers, on one gateway.</summary>
public sealed class AuthorizeQuestionTests(AuthorizeQuestionTests.Asked asked)
    : IClassFixture<AuthorizeQuestionTests.Asked>
{
    private readonly ConnectBench _bench = asked.Bench;
    private readonly string _client = asked.Client;

    [Theory]
    [InlineData("client_id", "pgcid_nobody")]
    [InlineData("client_id", "https://127.0.0.1/client.json")]
    [InlineData("client_id", null)]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", ConnectBench.Redirect + "/more")]
    [InlineData("redirect_uri", ConnectBench.Redirect + "/../evil")]
    [InlineData("redirect_uri", ConnectBench.Redirect + "?x=1")]
    [InlineData("redirect_uri", ConnectBench.Redirect + "#x")]
    [InlineData("redirect_uri", "https://client.example.com@evil.example.com/callback")]
    [InlineData("redirect_uri", "https://client.example.com\\@evil.example.com/callback")]
    [InlineData("redirect_uri", "https://CLIENT.example.com/callback")]
    [InlineData("redirect_uri", "https://client.example.com/CALLBACK")]
    [InlineData("redirect_uri", "https://client.example.com.evil.example.com/callback")]
    [InlineData("redirect_uri", "http://localhost.evil/callback")]
    [InlineData("redirect_uri", "http://localhost:1@evil.example.com/callback")]
    [InlineData("redirect_uri", "http://127.0.0.1:8000/other")]
    [InlineData("redirect_uri", "http://127.0.0.1:8000/callback/../other")]
    [InlineData("redirect_uri", "http://[::1]:8000/callback")]
    [InlineData("redirect_uri", "https://127.0.0.1:8000/callback")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    public async Task Unknown_clients_and_unregistered_addresses_get_a_page_and_no_redirect(
        string name, string? value) =>
        await IsRefusedAsync(ConnectBench.Question(_client, new Pkce(), (name, value)));

    [Theory]
    [InlineData("http://127.0.0.1:1/callback", 200)]
    [InlineData("http://127.0.0.1/callback", 200)]
    [InlineData("http://localhost:65535/callback", 200)]
    [InlineData("http://localhost:65535/callback2", 400)]
    public async Task Claude_Code_comes_with_any_port_of_loopback_and_the_same_path(string redirect, int status)
    {
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(_client, new Pkce(), ("redirect_uri", redirect)));

        Assert.Equal(status, asked.Status);
        Assert.Equal(status == 200, asked.Html.Contains("can impersonate this client", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge", "short")]
    [InlineData("code_challenge_method", null)]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("response_type", "token")]
    [InlineData("response_mode", "fragment")]
    [InlineData("request", "eyJ")]
    [InlineData("prompt", "none")]
    [InlineData("resource", "http://localhost:9412/mcp/none")]
    [InlineData("resource", "http://localhost:9412/mcp/sr")]
    [InlineData("resource", "http://localhost:9412/mcp/srvx")]
    [InlineData("resource", "http://localhost:9412/mcp/srv/x")]
    [InlineData("resource", "http://localhost:9412/mcp/x/../srv")]
    [InlineData("resource", "http://localhost:9412/mcp/srv#x")]
    [InlineData("resource", "http://evil.example.com:9412/mcp/srv")]
    [InlineData("resource", "http://localhost:9413/mcp/srv")]
    [InlineData("resource", "https://localhost:9412/mcp/srv")]
    [InlineData("resource", "/mcp/srv")]
    public async Task A_registered_client_sends_nobody_anywhere_by_a_mistake(string name, string? value) =>
        await IsRefusedAsync(ConnectBench.Question(_client, new Pkce(), (name, value)));

    [Theory]
    [InlineData("http://LOCALHOST:9412/mcp/srv")]
    [InlineData("http://localhost:9412/mcp/srv/")]
    [InlineData("http://localhost:9412/mcp/srv?team=a")]
    public async Task Claude_Code_and_others_write_the_resource_in_ways_that_mean_the_same(string resource)
    {
        var asked = await ConnectBench.PageAsync(
            _bench.Browser, ConnectBench.Question(_client, new Pkce(), ("resource", resource)));

        Assert.Equal(200, asked.Status);
        Assert.Contains("<dd>srv</dd>", asked.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    [InlineData("state")]
    [InlineData("code_challenge")]
    [InlineData("scope")]
    [InlineData("anything")]
    public async Task No_parameter_may_come_twice(string name) => await IsRefusedAsync(
        ConnectBench.Question(_client, new Pkce()) + $"&{name}=a&{name}=b");

    [Fact]
    public async Task Two_resources_are_refused() => await IsRefusedAsync(
        ConnectBench.Question(_client, new Pkce()) + $"&resource={ConnectBench.Issuer}/mcp/other");

    private async Task IsRefusedAsync(string question)
    {
        var (status, html, location) = await ConnectBench.PageAsync(_bench.Browser, question);
        Assert.Equal((400, (Uri?)null), (status, location));
        Assert.DoesNotContain("http-equiv", html, StringComparison.Ordinal);
        Assert.Contains("Nothing was allowed", html, StringComparison.Ordinal);
        Assert.Empty(await _bench.GrantsAsync());
    }

    /// <summary>A gateway with a registered client and the browser of an operator, who allows nothing.</summary>
    public sealed class Asked : IAsyncLifetime
    {
        internal ConnectBench Bench { get; private set; } = null!;

        internal string Client { get; private set; } = "";

        public async Task InitializeAsync()
        {
            Bench = await ConnectBench.StartAsync();
            Client = await Bench.RegisterAsync(
                "Test Client", ConnectBench.Redirect, "http://127.0.0.1:8000/callback", "http://localhost/callback");
            await Bench.SignInAsync();
        }

        public async Task DisposeAsync() => await Bench.DisposeAsync();
    }
}
