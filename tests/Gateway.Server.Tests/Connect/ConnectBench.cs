using System.Web;

namespace Gateway.Server.Tests.Connect;

/// <summary>
/// A gateway that signs clients in, with the servers <c>srv</c> and <c>other</c>, an operator <c>ana</c>, her browser,
/// and what a client does.
/// </summary>
internal sealed partial class ConnectBench : IAsyncDisposable
{
    public const string Issuer = "http://localhost:9412";
    public const string Redirect = "https://client.example.com/callback";
    public const string Resource = Issuer + "/mcp/srv";
    public const string Password = "correct horse battery staple";

    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": { "read": { "limits": [ { "counter": "reads", "window": "month", "max": 3 } ] } }
        }
        """;

    private readonly RecordingServer _server;

    private ConnectBench(TestGateway gateway, RecordingServer server)
    {
        (Gateway, _server) = (gateway, server);
        Browser = NewBrowser();
        Program = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = gateway.Address,
        };
    }

    public TestGateway Gateway { get; }

    /// <summary>Ana's browser.</summary>
    public HttpClient Browser { get; }

    /// <summary>The client, which has no cookie.</summary>
    public HttpClient Program { get; }

    /// <summary>The server behind both names.</summary>
    public RecordingServer Server => _server;

    public IEnumerable<RecordedRequest> Forwarded => _server.Requests;

    public static async Task<ConnectBench> StartAsync(
        TimeProvider? time = null, string oauth = "", string more = "")
    {
        var server = await RecordingServer.StartAsync();
        var gateway = await TestGateway.StartAsync(
            server.Url, Policy, $$""", "oauth": { "issuer": "{{Issuer}}" {{oauth}} }{{more}}""", time);
        return await StartAsync(gateway, server);
    }

    /// <summary>The same in front of another server, where the issuer is the address that is listened on.</summary>
    public static async Task<ConnectBench> StartAsync(
        string serverUrl, int port, string oauth = "", string policy = Policy)
    {
        var listen = $"http://127.0.0.1:{port}";
        var gateway = await TestGateway.StartAsync(
            serverUrl, policy, $$""", "oauth": { "issuer": "{{listen}}" {{oauth}} }""", listen: listen);
        return await StartAsync(gateway, await RecordingServer.StartAsync());
    }

    private static async Task<ConnectBench> StartAsync(TestGateway gateway, RecordingServer server)
    {
        var bench = new ConnectBench(gateway, server);
        await bench.AdminAsync("PUT", "servers/other", new JsonObject { ["url"] = server.Url });
        await bench.AdminAsync("PUT", "policies/open", JsonNode.Parse("""{"version":"1","default":"allow"}"""));
        await bench.AddOperatorAsync("ana", "editor");
        return bench;
    }

    public HttpClient NewBrowser() =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Gateway.Address };

    public Task AddOperatorAsync(string name, params string[] roles) => AdminAsync("POST", "operators", new JsonObject
    {
        ["name"] = name,
        ["password"] = Password,
        ["roles"] = new JsonArray([.. roles.Select(static role => (JsonNode)role)]),
    });

    public async Task<(int Status, JsonNode? Json)> AdminAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Gateway.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await Program.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode < 500, text);
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public async Task<(int Status, JsonNode Json)> RegisterAsync(JsonObject body)
    {
        using var answer = await Program.PostAsync(
            "/register", new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json")));
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>A public client's id.</summary>
    public async Task<string> RegisterAsync(string name = "Test Client", params string[] redirects)
    {
        var uris = redirects.Length == 0 ? [Redirect] : redirects;
        var (status, json) = await RegisterAsync(new JsonObject
        {
            ["client_name"] = name,
            ["redirect_uris"] = new JsonArray([.. uris.Select(static uri => (JsonNode)uri)]),
            ["token_endpoint_auth_method"] = "none",
        });
        Assert.True(status == 201, json.ToJsonString());
        return (string)json["client_id"]!;
    }

    /// <summary>What a client's browser is sent to; a null value leaves a parameter out.</summary>
    public static string Question(string client, Pkce pkce, params (string Name, string? Value)[] changes)
    {
        List<(string Name, string? Value)> all =
        [
            ("response_type", "code"), ("client_id", client), ("redirect_uri", Redirect), ("state", "s t&te"),
            ("code_challenge", pkce.Challenge), ("code_challenge_method", "S256"), ("resource", Resource),
        ];
        all.RemoveAll(one => changes.Any(change => change.Name == one.Name));
        return "/authorize?" + string.Join('&', all.Concat(changes).Where(static one => one.Value is not null)
            .Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }

    public async Task SignInAsync(HttpClient? browser = null, string name = "ana")
    {
        var page = await PageAsync(browser ?? Browser, "/sign-in");
        var (status, _, _) = await PostAsync(
            browser ?? Browser, "/sign-in",
            ("csrf", Field(page.Html, "csrf")), ("return", "/authorize?x"), ("name", name), ("password", Password));
        Assert.Equal(303, status);
    }

    public static async Task<(int Status, string Html, Uri? Location)> PageAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location);
    }

    public static async Task<(int Status, string Html, Uri? Location)> PostAsync(
        HttpClient browser, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(static one => KeyValuePair.Create(one.Name, one.Value)));
        using var answer = await browser.PostAsync(path, form);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location);
    }

    /// <summary>Presses a button of the page, with what is chosen on it.</summary>
    public async Task<(int Status, string Html, Uri? Location)> AnswerAsync(
        string html, string action = "allow", HttpClient? browser = null, params (string Name, string Value)[] changes)
    {
        List<(string Name, string Value)> fields =
        [
            ("request", Field(html, "request")), ("csrf", Field(html, "csrf")), ("action", action),
            ("label", Field(html, "label")), ("policy", "policy"), ("expires", "30d"),
        ];
        fields.RemoveAll(one => changes.Any(change => change.Name == one.Name));
        return await PostAsync(browser ?? Browser, "/authorize", [.. fields, .. changes]);
    }

    /// <summary>Signs in, allows the client, and gives what its redirect URI is sent.</summary>
    public async Task<IReadOnlyDictionary<string, string>> AllowAsync(
        string client, Pkce pkce, params (string Name, string? Value)[] changes)
    {
        await SignInAsync();
        var asked = await PageAsync(Browser, Question(client, pkce, changes));
        Assert.True(asked.Status == 200, asked.Html);
        var (status, html, _) = await AnswerAsync(asked.Html);
        Assert.True(status == 200, html);
        return Answer(html);
    }

    /// <summary>What the page goes on to with.</summary>
    public static IReadOnlyDictionary<string, string> Answer(string html)
    {
        var next = new Uri(HttpUtility.HtmlDecode(Next().Match(html).Groups[1].Value));
        var query = HttpUtility.ParseQueryString(next.Query);
        return query.AllKeys.ToDictionary(static key => key!, key => query[key]!, StringComparer.Ordinal);
    }

    public async Task<(int Status, JsonNode Json)> TokenAsync(params (string Name, string? Value)[] form)
    {
        using var content = new FormUrlEncodedContent(
            form.Where(static one => one.Value is not null)
                .Select(static one => KeyValuePair.Create(one.Name, one.Value!)));
        using var answer = await Program.PostAsync("/token", content);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public Task<(int Status, JsonNode Json)> RedeemAsync(string client, string code, Pkce pkce) => TokenAsync(
        ("grant_type", "authorization_code"), ("client_id", client), ("code", code), ("redirect_uri", Redirect),
        ("code_verifier", pkce.Verifier), ("resource", Resource));

    public Task<(int Status, JsonNode Json)> RefreshAsync(string client, string refresh) => TokenAsync(
        ("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", refresh));

    /// <summary>All of it: a client that is registered, allowed, and has its tokens.</summary>
    public async Task<(string Client, string Access, string Refresh)> ConnectAsync(string name = "Test Client")
    {
        var (client, pkce) = (await RegisterAsync(name), new Pkce());
        var answer = await AllowAsync(client, pkce);
        var (status, json) = await RedeemAsync(client, answer["code"], pkce);
        Assert.True(status == 200, json.ToJsonString());
        return (client, (string)json["access_token"]!, (string)json["refresh_token"]!);
    }

    /// <summary>A call of a tool with a token.</summary>
    public async Task<(int Status, string Text)> CallAsync(string token, string path = "/mcp/srv")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var answer = await Program.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>How many grants clients have signed in for.</summary>
    public async Task<List<JsonNode>> GrantsAsync()
    {
        var (_, page) = await AdminAsync("GET", "grants");
        return
        [
            .. page!["items"]!.AsArray().Select(static one => one!)
                .Where(static grant => (string?)grant["via"] == "oauth"),
        ];
    }

    public static string Field(string html, string name)
    {
        var input = Regex.Match(html, $"<input[^>]* name=\"{name}\"[^>]*>").Value;
        return HttpUtility.HtmlDecode(Regex.Match(input, " value=\"([^\"]*)\"").Groups[1].Value);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        Program.Dispose();
        await Gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [GeneratedRegex("id=\"next\" href=\"([^\"]*)\"")]
    private static partial Regex Next();
}
