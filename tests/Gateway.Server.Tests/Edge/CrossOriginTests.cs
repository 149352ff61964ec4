using Gateway.Server.Tests.Connect;

namespace Gateway.Server.Tests.Edge;

/// <summary>Pages in browsers as clients (CORS), with and without an authorization server.</summary>
public sealed class CrossOriginTests
{
    private const string Listed = "https://app.example.com";
    private const string Loopback = "http://localhost:6274";
    private const string Other = "https://evil.example.com";
    private const string Exposed = "WWW-Authenticate,Mcp-Session-Id,MCP-Protocol-Version,Retry-After,DPoP-Nonce";

    [Theory]
    [InlineData(Listed, false)]
    [InlineData(Listed, true)]
    [InlineData(Loopback, false)]
    [InlineData(Loopback, true)]
    public async Task Preflight_of_an_allowed_origin_needs_no_token(string origin, bool hasOAuth)
    {
        await using var bench = await Bench.StartAsync(hasOAuth);
        foreach (var path in new[] { "/mcp/srv", "/mcp" })
        {
            using var answer = await bench.SendAsync(HttpMethod.Options, path, origin, "DELETE", "mcp-param-region");

            Assert.Equal(204, (int)answer.StatusCode);
            Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("POST,GET,DELETE", Header(answer, "Access-Control-Allow-Methods"));
            Assert.Equal("mcp-param-region", Header(answer, "Access-Control-Allow-Headers"));
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
            Assert.Equal("Origin", Header(answer, "Vary"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_of_an_allowed_origin_reads_every_answer(bool hasOAuth)
    {
        await using var bench = await Bench.StartAsync(hasOAuth);
        bench.Server.Answer = static (http, _) =>
        {
            http.Response.StatusCode = 302;
            return Task.CompletedTask;
        };

        using var unauthorized = await bench.SendAsync(HttpMethod.Post, "/mcp/srv", Loopback);
        using var unknown = await bench.SendAsync(HttpMethod.Post, "/mcp/nowhere", Loopback, token: TestTokens.Agent);
        using var broken = await bench.SendAsync(HttpMethod.Post, "/mcp/srv", Loopback, token: TestTokens.Agent);

        Assert.Equal((401, 404, 502),
            ((int)unauthorized.StatusCode, (int)unknown.StatusCode, (int)broken.StatusCode));
        foreach (var answer in new[] { unauthorized, unknown, broken })
        {
            Assert.Equal(Loopback, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal(Exposed, Header(answer, "Access-Control-Expose-Headers"));
        }
    }

    [Fact]
    public async Task Origin_that_is_not_allowed_gets_403_and_no_header()
    {
        await using var bench = await Bench.StartAsync(hasOAuth: false);

        using var preflight = await bench.SendAsync(HttpMethod.Options, "/mcp/srv", Other, "POST");
        using var call = await bench.SendAsync(HttpMethod.Post, "/mcp/srv", Other, token: TestTokens.Agent);

        Assert.Equal((403, 403), ((int)preflight.StatusCode, (int)call.StatusCode));
        Assert.Null(Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Null(Header(call, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/mcp/srv", "GET", true, 204)]
    [InlineData("/.well-known/oauth-authorization-server", "GET", true, 204)]
    [InlineData("/token", "POST", true, 204)]
    [InlineData("/register", "POST", true, 204)]
    [InlineData("/revoke", "POST", true, 204)]
    [InlineData("/.well-known/oauth-protected-resource/mcp/srv", "GET", false, 204)]
    [InlineData("/register", "POST", false, 204)]
    [InlineData("/authorize", "GET", true, 405)]
    [InlineData("/sign-in", "POST", true, 405)]
    [InlineData("/api/v1/grants", "GET", true, 405)]
    [InlineData("/metrics", "GET", true, 405)]
    [InlineData("/console/", "GET", true, 405)]
    public async Task Other_paths_than_those_of_programs_allow_no_page(
        string path, string method, bool hasOAuth, int status)
    {
        await using var bench = await Bench.StartAsync(hasOAuth);

        using var answer = await bench.SendAsync(HttpMethod.Options, path, Loopback, method, "content-type");

        Assert.Equal(status == 204, (int)answer.StatusCode == 204);
        Assert.Equal(status == 204 ? "*" : null, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal(status == 204 ? method : null, Header(answer, "Access-Control-Allow-Methods"));
    }

    [Fact]
    public async Task Missing_metadata_can_be_read_without_an_authorization_server()
    {
        await using var bench = await Bench.StartAsync(hasOAuth: false);

        using var answer = await bench.SendAsync(
            HttpMethod.Get, "/.well-known/oauth-protected-resource/mcp/srv", Loopback);

        Assert.Equal((404, "*"), ((int)answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(',', values)
            : null;

    private sealed class Bench(RecordingServer server, TestGateway gateway) : IAsyncDisposable
    {
        private readonly HttpClient _client =
            new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

        public RecordingServer Server => server;

        public static async Task<Bench> StartAsync(bool hasOAuth)
        {
            var server = await RecordingServer.StartAsync();
            var oauth = hasOAuth ? $$""", "oauth": { "issuer": "{{ConnectBench.Issuer}}" }""" : "";
            return new Bench(server, await TestGateway.StartAsync(
                server.Url, """{ "version": "1", "default": "allow" }""",
                $$""", "allowedOrigins": ["{{Listed}}"]{{oauth}}"""));
        }

        public async Task<HttpResponseMessage> SendAsync(
            HttpMethod method, string path, string origin, string? wanted = null, string? header = null,
            string? token = null)
        {
            using var request = new HttpRequestMessage(method, new Uri(gateway.Address, path));
            request.Headers.Add("Origin", origin);
            if (wanted is not null)
                request.Headers.Add("Access-Control-Request-Method", wanted);
            if (header is not null)
                request.Headers.Add("Access-Control-Request-Headers", header);
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (method == HttpMethod.Post)
            {
                request.Content = new StringContent(
                    """{"jsonrpc":"2.0","id":1,"method":"ping"}""", new MediaTypeHeaderValue("application/json"));
                request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
            }

            return await _client.SendAsync(request);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await gateway.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
