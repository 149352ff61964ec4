using System.Web;

namespace Gateway.Server.Tests.Connections;

/// <summary>
/// A gateway in front of an official server with a certified authorization server (<c>oidc-provider</c>), at which each
/// caller has a connection of its own; and the callers' company, whose people sign in with a browser.
/// </summary>
internal sealed class ConnectionBench : IAsyncDisposable
{
    public const string Origin = "http://localhost:9412";
    public const string AdminKey = "operator-key-0123456789";
    public const string Password = "correct horse battery staple";
    public const string Callback = "/connections/callback";

    private readonly TestFolder _folder;
    private readonly NodeProcess _node;

    private ConnectionBench(
        TestFolder folder, GatewayHost host, NodeProcess node, CompanyProvider company, RecordingServer erp) =>
        (_folder, Host, _node, Company, Erp) = (folder, host, node, company, erp);

    public GatewayHost Host { get; }

    /// <summary>The issuer of the callers' tokens.</summary>
    public CompanyProvider Company { get; }

    /// <summary>A server that records what it receives, with the same authorization server.</summary>
    public RecordingServer Erp { get; }

    public string Folder => _folder.Path;

    public Uri Address => new(Host.Addresses[0]);

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    /// <param name="lifetime">The lifetime of access tokens, in seconds.</param>
    /// <param name="time">The gateway's clock; null for the system's.</param>
    /// <param name="signer">The account of the server crm, with its public keys; null for a public client.</param>
    public static async Task<ConnectionBench> StartAsync(
        int lifetime = 3600, TimeProvider? time = null, (string Account, string PublicKeys)? signer = null)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        var node = NodeProcess.Start(
            "connected-server.js", Origin + Callback, $"{lifetime}", signer?.PublicKeys ?? "");
        var place = JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
        var (company, erp) = (await CompanyProvider.StartAsync(), await RecordingServer.StartAsync());
        var folder = new TestFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "gateway.json"), $$"""
            {
              "servers": {
                "wiki": { "url": "{{place["url"]}}", "auth": "oauth" },
                "crm": { "url": "{{place["url"]}}", "auth": "oauth", "oauth": {{signer?.Account ?? """{ "clientId": "gateway-client" }"""}} },
                "erp": { "url": "{{erp.Url}}", "auth": "oauth",
                  "oauth": { "clientId": "gateway-client", "scope": "mcp", "issuer": "{{place["issuer"]}}" } },
                "books": { "url": "{{erp.Url}}", "auth": "oauth",
                  "oauth": { "clientId": "gateway-client", "issuer": "{{place["issuer"]}}" } }
              },
              "policies": { "policy": { "version": "1", "default": "allow", "tools": {
                "approved": { "action": "approve", "approval": { "wait": "0s" } },
                "refunded": { "limits": [ { "counter": "refunded", "window": "month", "max": 2,
                  "refund_on_error": true } ] },
                "watched": { "mode": "shadow", "limits": [ { "counter": "watched", "window": "month", "max": 1 } ] },
                "twice": { "limits": [ { "counter": "twice", "window": "month", "max": 2 } ] },
                "limited": { "limits": [ { "counter": "calls", "window": "month", "max": 1 } ] } } } },
              "oauth": { "issuer": "{{Origin}}" },
              "admin": { "key": "{{AdminKey}}", "providers": { "company": {
                "issuer": "{{company.Issuer}}", "clientId": "{{OpenIdProvider.ClientId}}",
                "clientSecret": "{{OpenIdProvider.ClientSecret}}", "displayName": "the company" } } },
              "identity": { "issuers": { "corp": { "issuer": "{{company.Issuer}}", "audience": "gateway" } } },
              "grants": {
                "bot": { "servers": { "crm": "policy", "erp": "policy", "books": "policy", "wiki": "policy" }, "token": "{{TestTokens.Agent}}" },
                "people": { "servers": { "crm": "policy", "erp": "policy", "books": "policy", "wiki": "policy" }, "order": 10,
                  "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "agents" }] } }
              }
            }
            """);
        var host = await StartHostAsync(folder.Path, time);
        return new ConnectionBench(folder, host, node, company, erp);
    }

    /// <summary>Starts another gateway with the files of the first, which has stopped.</summary>
    public Task<GatewayHost> StartAgainAsync(TimeProvider time) => StartHostAsync(Folder, time);

    private static Task<GatewayHost> StartHostAsync(string folder, TimeProvider? time) => GatewayHost.StartAsync(
        new GatewayHostOptions
        {
            Extensions = DefaultExtensions.All,
            DataDirectory = Path.Combine(folder, "data"),
            Listen = ["http://127.0.0.1:0"],
            Quiet = true,
            ConfigFile = new() { Path = Path.Combine(folder, "gateway.json") },
            DrainTime = TimeSpan.FromSeconds(2),
            Time = time ?? TimeProvider.System,
        },
        CancellationToken.None);

    /// <summary>Returns a token of a person of the company.</summary>
    public Task<string> TokenOfAsync(string person) => Company.TokenAsync(person, "agents");

    /// <summary>Returns a browser whose user has this account at the servers.</summary>
    public static HttpClient NewBrowser(string account) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            DefaultRequestHeaders = { { "X-Account", account } },
        };

    public async Task<JsonNode> SendAsync(
        string token, string body, string path = "/mcp/crm", Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        change?.Invoke(request);
        using var response = await Client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>Calls a tool; returns the text of its result.</summary>
    public async Task<string> CallAsync(string token, string path = "/mcp/crm", string tool = "whoami")
    {
        var answer = await SendAsync(token, Call(tool), path);
        return (string?)answer["result"]?["content"]?[0]?["text"] ?? answer.ToJsonString();
    }

    public static string Call(string tool, string parameters = "") => $$"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{} {{parameters}} } }
        """;

    /// <summary>Returns the path of the link that a call without a connection gets.</summary>
    public async Task<string> LinkAsync(string token, string path = "/mcp/crm")
    {
        var text = await CallAsync(token, path);
        var link = Regex.Match(text, $"{Origin}(/connections/[A-Za-z0-9_-]+)").Groups[1].Value;
        Assert.True(link.Length > 0, text);
        return link;
    }

    /// <summary>Follows redirects until an address outside the test; returns that address.</summary>
    public static async Task<Uri> LeaveAsync(HttpClient browser, string from, string origin)
    {
        var at = new Uri(from);
        for (var steps = 0; steps < 20 && !at.AbsoluteUri.StartsWith(origin, StringComparison.Ordinal); steps++)
        {
            using var answer = await browser.GetAsync(at);
            Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
            at = new Uri(at, answer.Headers.Location);
        }

        return at;
    }

    /// <summary>Follows redirects until a page, or until the gateway's path that begins so.</summary>
    public async Task<(int Status, string Html, Uri At)> GoAsync(HttpClient browser, string to, string? until = null)
    {
        var at = new Uri(Address, to);
        for (var steps = 0; steps < 20; steps++)
        {
            if (at.AbsoluteUri.StartsWith(Origin, StringComparison.Ordinal))
                at = new Uri(Address, at.PathAndQuery);
            if (until is not null && at.Port == Address.Port && at.AbsolutePath == until)
                return (0, "", at);
            using var answer = await browser.GetAsync(at);
            if (answer.Headers.Location is not { } next)
                return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), at);
            at = new Uri(at, next);
        }

        throw new InvalidOperationException($"Too many redirects, the last to {at}.");
    }

    public async Task<(int Status, string Html)> PostAsync(
        HttpClient browser, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(static one => KeyValuePair.Create(one.Name, one.Value)));
        using var answer = await browser.PostAsync(new Uri(Address, path), form);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a link as a person of the company, who signs in if needed.</summary>
    public async Task<(int Status, string Html, Uri At)> OpenAsync(HttpClient browser, string link, string person)
    {
        await Company.SetPersonAsync(person, person);
        var page = await GoAsync(browser, link);
        return page.Html.Contains("id=\"sign-in\"", StringComparison.Ordinal)
            ? await GoAsync(browser, Href(page.Html, "sign-in")) : page;
    }

    /// <summary>Clicks on Connect; returns the address of the authorization server.</summary>
    public async Task<string> ConsentAsync(HttpClient browser, string link, string html)
    {
        var (status, next) = await PostAsync(
            browser, link, ("csrf", Field(html, "csrf")), ("issuer", Field(html, "issuer")));
        Assert.True(status == 200, next);
        return Href(next, "next");
    }

    /// <summary>Connects a person of the company from a link to the end.</summary>
    public async Task ConnectAsync(HttpClient browser, string link, string person)
    {
        var page = await OpenAsync(browser, link, person);
        Assert.True(page.Status == 200, page.Html);
        var end = await GoAsync(browser, await ConsentAsync(browser, link, page.Html));
        Assert.True(end.Status == 200 && end.Html.Contains("is connected", StringComparison.Ordinal), end.Html);
    }

    /// <summary>
    /// Authorizes the gateway for a caller; returns the address of the request, and that of the response, which the
    /// browser has not opened.
    /// </summary>
    public async Task<(Uri Request, Uri Response)> AuthorizeAsync(HttpClient browser, string token, string name)
    {
        var link = await LinkAsync(token);
        var page = await OpenAsync(browser, link, name);
        var next = await ConsentAsync(browser, link, page.Html);
        return (new Uri(next), (await GoAsync(browser, next, Callback)).At);
    }

    /// <summary>Signs an operator in.</summary>
    public async Task SignInAsync(HttpClient browser, string name)
    {
        var page = await GoAsync(browser, "/sign-in");
        var (status, html) = await PostAsync(
            browser, "/sign-in", ("csrf", Field(page.Html, "csrf")), ("return", "/connections"), ("name", name),
            ("password", Password));
        Assert.True(status == 303, html);
    }

    public async Task<(int Status, JsonNode? Json)> AdminAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        if (method != "PUT") // a PUT creates
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task AddOperatorAsync(string name, string role) => AdminAsync("POST", "operators", new JsonObject
    {
        ["name"] = name,
        ["password"] = Password,
        ["roles"] = new JsonArray(role),
    });

    /// <summary>Returns how many refresh tokens the authorization server has exchanged.</summary>
    public async Task<int> RefreshesAsync(string command = "count") => (int)(await CountsAsync(command))["refreshes"]!;

    /// <summary>Returns the authorization server's counts after a command.</summary>
    public async Task<JsonNode> CountsAsync(string command = "count")
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        await _node.WriteLineAsync(command);
        return JsonNode.Parse(await _node.ReadJsonLineAsync(deadline.Token))!;
    }

    public IReadOnlyList<JsonElement> Records() => AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"));

    public static string Href(string html, string id)
    {
        var found = Regex.Match(html, $"id=\"{id}\" href=\"([^\"]*)\"").Groups[1].Value;
        Assert.True(found.Length > 0, html);
        return HttpUtility.HtmlDecode(found);
    }

    public static string Field(string html, string name)
    {
        var input = Regex.Match(html, $"<input[^>]* name=\"{name}\"[^>]*>").Value;
        return HttpUtility.HtmlDecode(Regex.Match(input, " value=\"([^\"]*)\"").Groups[1].Value);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await _node.DisposeAsync();
        await Company.DisposeAsync();
        await Erp.DisposeAsync();
        _folder.Dispose();
    }
}
