using System.Web;

namespace Gateway.Server.Tests.Connections;

/// <summary>Calls that carry the connection of their caller, from the first link to the wire.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private ConnectionBench _bench = null!;
    private string _ana = null!;
    private string _ben = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await ConnectionBench.StartAsync();
        (_ana, _ben) = (await _bench.TokenOfAsync("ana"), await _bench.TokenOfAsync("ben"));
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeFact]
    public async Task Each_caller_of_a_grant_acts_with_the_account_that_it_connected()
    {
        using var anas = ConnectionBench.NewBrowser("ana@crm");
        using var bens = ConnectionBench.NewBrowser("ben@crm");
        await _bench.ConnectAsync(anas, await _bench.LinkAsync(_ana), "ana");

        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));
        var link = await _bench.LinkAsync(_ben);
        Assert.Contains(
            "use your own account there", await _bench.CallAsync(TestTokens.Agent), StringComparison.Ordinal);
        await _bench.ConnectAsync(bens, link, "ben");
        Assert.Equal("ben@crm", await _bench.CallAsync(_ben));
        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));
        // Another token of the same person is the same caller.
        Assert.Equal("ana@crm", await _bench.CallAsync(await _bench.Company.TokenAsync("ana", "agents", "more")));
    }

    [NodeFact]
    public async Task Calls_of_several_callers_at_the_same_time_carry_their_own_tokens()
    {
        using var anas = ConnectionBench.NewBrowser("ana@erp");
        using var bens = ConnectionBench.NewBrowser("ben@erp");
        await _bench.ConnectAsync(anas, await _bench.LinkAsync(_ana, "/mcp/erp"), "ana");
        await _bench.ConnectAsync(bens, await _bench.LinkAsync(_ben, "/mcp/erp"), "ben");
        _bench.Erp.Answer = static (http, request) => RecordingServer.JsonAsync(http, $$$"""
            {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{{{Account(request)}}}"}]}}
            """);

        var texts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _bench.CallAsync(
            i % 2 == 0 ? _ana : _ben, "/mcp/erp")));

        Assert.All(texts.Select(static (text, i) => (text, i)), static one =>
            Assert.Equal(one.i % 2 == 0 ? "ana@erp" : "ben@erp", one.text));
        Assert.All(_bench.Erp.Requests, request =>
        {
            Assert.DoesNotContain(_ana, request.Headers["Authorization"], StringComparison.Ordinal);
            Assert.DoesNotContain(_ben, request.Headers["Authorization"], StringComparison.Ordinal);
        });
    }

    [NodeFact]
    public async Task A_call_without_a_connection_reaches_no_server_and_is_not_counted()
    {
        var refused = await _bench.SendAsync(_ana, ConnectionBench.Call("limited"), "/mcp/erp");

        Assert.True((bool)refused["result"]!["isError"]!);
        Assert.StartsWith("Connection required: ", (string?)refused["result"]!["content"]![0]!["text"],
            StringComparison.Ordinal);
        Assert.Empty(_bench.Erp.Requests);
        using var browser = ConnectionBench.NewBrowser("ana@erp");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana, "/mcp/erp"), "ana");
        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/erp", "limited"));
        Assert.Contains("(not connected)", string.Concat(_bench.Records().Select(static one => one.GetRawText())),
            StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_client_that_opens_links_gets_an_elicitation()
    {
        const string capabilities = """{"elicitation":{"url":{}}}""";
        var begun = await _bench.SendAsync(_ana, $$"""
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",
             "capabilities":{{capabilities}},"clientInfo":{"name":"t","version":"1"} } }
            """);
        Assert.Equal(-32042, (int)begun["error"]!["code"]!);
        var asked = begun["error"]!["data"]!["elicitations"]![0]!;
        Assert.Equal("url", (string?)asked["mode"]);
        Assert.StartsWith(ConnectionBench.Origin + "/connections/", (string?)asked["url"], StringComparison.Ordinal);

        string Stateless(string more = "") => ConnectionBench.Call("whoami", $$"""
            ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":
            {"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{{capabilities}} }{{more}}
            """);
        var required = await _bench.SendAsync(_ana, Stateless(), "/mcp/erp", Modern);
        Assert.Equal("input_required", (string?)required["result"]!["resultType"]);
        var request = Assert.Single(required["result"]!["inputRequests"]!.AsObject());
        Assert.Equal("elicitation/create", (string?)request.Value!["method"]);
        var link = (string)request.Value["params"]!["url"]!;
        var state = required["result"]!["requestState"]!.ToJsonString();
        string Retry() => Stateless($$$"""
            ,"requestState":{{{state}}},"inputResponses":{"{{{request.Key}}}":{"action":"accept"}}
            """);

        var early = await _bench.SendAsync(_ana, Retry(), "/mcp/erp", Modern);
        Assert.True((bool)early["result"]!["isError"]!);
        using var browser = ConnectionBench.NewBrowser("ana@erp");
        await _bench.ConnectAsync(browser, new Uri(link).AbsolutePath, "ana");
        var late = await _bench.SendAsync(_ana, Retry(), "/mcp/erp", Modern);
        Assert.Equal("done", (string?)late["result"]!["content"]![0]!["text"]);
        Assert.DoesNotContain("requestState", Assert.Single(_bench.Erp.Requests).Text, StringComparison.Ordinal);

        static void Modern(HttpRequestMessage message)
        {
            message.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            message.Headers.Add("Mcp-Method", "tools/call");
            message.Headers.Add("Mcp-Name", "whoami");
        }
    }

    [NodeFact]
    public async Task The_official_client_gets_the_link_at_the_address_of_several_servers_too()
    {
        using var browser = ConnectionBench.NewBrowser("ana@crm");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana), "ana");

        var unconnected = await OpensLinksAsync("wiki__whoami");
        Assert.Equal(-32042, (int)unconnected["code"]!);
        var link = (string)Assert.Single(unconnected["urls"]!.AsArray())!;
        Assert.StartsWith(ConnectionBench.Origin + "/connections/", link, StringComparison.Ordinal);
        Assert.Equal("ana@crm", (string?)(await OpensLinksAsync("crm__whoami"))["text"]);

        await _bench.ConnectAsync(browser, new Uri(link).AbsolutePath, "ana");
        Assert.Equal("ana@crm", (string?)(await OpensLinksAsync("wiki__whoami"))["text"]);

        async Task<JsonNode> OpensLinksAsync(string tool)
        {
            using var deadline = new CancellationTokenSource(Soon.AtMost);
            var script = new JsonObject
            {
                ["url"] = new Uri(_bench.Address, "/mcp").AbsoluteUri,
                ["token"] = _ana,
                ["tool"] = tool,
            };
            await using var client = NodeProcess.Start("link-client.js", script.ToJsonString());
            return JsonNode.Parse(await client.ReadJsonLineAsync(deadline.Token))!;
        }
    }

    [NodeFact]
    public async Task A_stateless_call_at_the_address_of_several_servers_requires_the_link_and_is_retried()
    {
        _bench.Erp.Answer = static (http, request) => RecordingServer.JsonAsync(http, $$$"""
            {"jsonrpc":"2.0","id":{{{JsonNode.Parse(request.Text)!["id"]!.ToJsonString()}}},"result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","content":[{"type":"text","text":"done"}],"tools":[{"name":"pay","inputSchema":{"type":"object"}}]}}
            """);
        var required = await PayAsync("");
        Assert.Equal("input_required", (string?)required["result"]!["resultType"]);
        var (key, input) = Assert.Single(required["result"]!["inputRequests"]!.AsObject());
        var link = (string)input!["params"]!["url"]!;
        var retry = $$$"""
            ,"requestState":{{{required["result"]!["requestState"]!.ToJsonString()}}},"inputResponses":{"{{{key}}}":{"action":"accept"}}
            """;
        Assert.Contains("/connections/", (await PayAsync(retry)).ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_bench.Erp.Requests);

        using var browser = ConnectionBench.NewBrowser("ana@erp");
        await _bench.ConnectAsync(browser, new Uri(link).AbsolutePath, "ana");
        Assert.Equal("done", (string?)(await PayAsync(retry))["result"]?["content"]?[0]?["text"]);

        Task<JsonNode> PayAsync(string more) => _bench.SendAsync(_ana, ConnectionBench.Call("erp__pay", $$$$"""
            ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":
            {"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}} }{{{{more}}}}
            """), "/mcp", static message =>
            {
                message.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                message.Headers.Add("Mcp-Method", "tools/call");
                message.Headers.Add("Mcp-Name", "erp__pay");
            });
    }

    [NodeFact]
    public async Task A_user_who_opens_the_link_of_another_is_refused()
    {
        var link = await _bench.LinkAsync(_ana);
        using var bens = ConnectionBench.NewBrowser("ben@crm");

        var page = await _bench.OpenAsync(bens, link, "ben");

        Assert.Equal(403, page.Status);
        Assert.Contains("made for another person", page.Html, StringComparison.Ordinal);
        var own = await _bench.OpenAsync(bens, await _bench.LinkAsync(_ben), "ben");
        Assert.Equal(403, (await _bench.PostAsync(
            bens, link, ("csrf", ConnectionBench.Field(own.Html, "csrf")),
            ("issuer", ConnectionBench.Field(own.Html, "issuer")))).Status);
        // The link is still its owner's.
        using var anas = ConnectionBench.NewBrowser("ana@crm");
        await _bench.ConnectAsync(anas, link, "ana");
        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));
    }

    [NodeFact]
    public async Task A_link_is_used_once_and_only_by_a_click_on_its_page()
    {
        var link = await _bench.LinkAsync(_ana);
        Assert.Equal(link, await _bench.LinkAsync(_ana));
        using var browser = ConnectionBench.NewBrowser("ana@crm");
        var page = await _bench.OpenAsync(browser, link, "ana");
        (string, string) issuer = ("issuer", ConnectionBench.Field(page.Html, "issuer"));
        (string, string) csrf = ("csrf", ConnectionBench.Field(page.Html, "csrf"));

        Assert.Equal(400, (await _bench.PostAsync(browser, link, issuer)).Status);
        Assert.Equal(400, (await _bench.PostAsync(browser, link, csrf)).Status);
        Assert.Equal(400, (await _bench.PostAsync(browser, link, csrf, ("issuer", "https://evil.example.com"))).Status);
        Assert.Equal(200, (await _bench.PostAsync(browser, link, csrf, issuer)).Status);
        Assert.Equal(410, (await _bench.PostAsync(browser, link, csrf, issuer)).Status);
        Assert.Equal(410, (await _bench.GoAsync(browser, link)).Status);
        Assert.Equal(410, (await _bench.GoAsync(browser, "/connections/unknown")).Status);
        Assert.NotEqual(link, await _bench.LinkAsync(_ana));
    }

    [NodeTheory]
    [InlineData("iss", "https://evil.example.com")]
    [InlineData("iss", null)]
    [InlineData("state", "unknown")]
    [InlineData("state", null)]
    [InlineData("code", "another")]
    [InlineData("browser", null)]
    [InlineData("repeat", null)]
    public async Task A_changed_response_of_the_authorization_server_connects_nobody(string what, string? value)
    {
        using var browser = ConnectionBench.NewBrowser("ana@crm");
        var (next, back) = await _bench.AuthorizeAsync(browser, _ana, "ana");
        var asked = HttpUtility.ParseQueryString(next.Query);
        Assert.Equal(
            ("code", "S256", ConnectionBench.Origin + ConnectionBench.Callback),
            (asked["response_type"], asked["code_challenge_method"], asked["redirect_uri"]));
        Assert.EndsWith("/mcp", asked["resource"], StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(back.Query);
        if (what is "iss" or "state" or "code")
        {
            if (value is null)
                query.Remove(what);
            else
                query[what] = value;
        }

        using var other = ConnectionBench.NewBrowser("ana@crm");
        if (what == "browser")
            await _bench.OpenAsync(other, await _bench.LinkAsync(_ana), "ana");
        var target = $"{back.AbsolutePath}?{query}{(what == "repeat" ? "&code=more" : "")}";
        var end = await _bench.GoAsync(what == "browser" ? other : browser, target);

        Assert.True(end.Status >= 400, end.Html);
        Assert.Contains("Connection required", await _bench.CallAsync(_ana), StringComparison.Ordinal);
        // A state that reached its check is used up.
        if (what is "iss" or "code")
            Assert.Equal(400, (await _bench.GoAsync(browser, back.PathAndQuery)).Status);
    }

    [NodeFact]
    public async Task A_code_of_another_persons_sign_in_connects_nobody()
    {
        using var anas = ConnectionBench.NewBrowser("ana@crm");
        using var bens = ConnectionBench.NewBrowser("ben@crm");
        var (_, ofAna) = await _bench.AuthorizeAsync(anas, _ana, "ana");
        var (_, back) = await _bench.AuthorizeAsync(bens, _ben, "ben");
        var query = HttpUtility.ParseQueryString(back.Query);
        query["code"] = HttpUtility.ParseQueryString(ofAna.Query)["code"];

        var end = await _bench.GoAsync(bens, $"{back.AbsolutePath}?{query}");

        Assert.True(end.Status >= 400, end.Html);
        Assert.Contains("Connection required", await _bench.CallAsync(_ben), StringComparison.Ordinal);
        Assert.Contains("Connection required", await _bench.CallAsync(_ana), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_grants_token_is_connected_by_an_operator_who_may_issue_it()
    {
        await _bench.AddOperatorAsync("mia", "member");
        await _bench.AddOperatorAsync("ed", "editor");
        var link = await _bench.LinkAsync(TestTokens.Agent);
        using var mias = ConnectionBench.NewBrowser("mia@crm");
        using var eds = ConnectionBench.NewBrowser("ed@crm");

        Assert.Contains("Sign in as an operator", (await _bench.GoAsync(mias, link)).Html, StringComparison.Ordinal);
        // A person of the company is no operator.
        await _bench.OpenAsync(mias, await _bench.LinkAsync(_ana), "ana");
        Assert.Contains("Sign in as an operator", (await _bench.GoAsync(mias, link)).Html, StringComparison.Ordinal);
        await _bench.SignInAsync(mias, "mia");
        Assert.Equal(403, (await _bench.GoAsync(mias, link)).Status);
        await _bench.SignInAsync(eds, "ed");
        var page = await _bench.GoAsync(eds, link);
        Assert.Contains("Anyone with a token of the grant", page.Html, StringComparison.Ordinal);
        var end = await _bench.GoAsync(eds, await _bench.ConsentAsync(eds, link, page.Html));

        Assert.True(end.Status == 200, end.Html);
        Assert.Equal("ed@crm", await _bench.CallAsync(TestTokens.Agent));
        Assert.Contains("Connection required", await _bench.CallAsync(_ana), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_refused_token_is_not_sent_again_and_the_caller_connects_again()
    {
        using var browser = ConnectionBench.NewBrowser("ana@erp");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana, "/mcp/erp"), "ana");
        _bench.Erp.Answer = static (http, _) =>
        {
            http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            http.Response.StatusCode = 401;
            return Task.CompletedTask;
        };

        var text = await _bench.CallAsync(_ana, "/mcp/erp");

        Assert.Contains("own connection. The next call renews it", text, StringComparison.Ordinal);
        Assert.Single(_bench.Erp.Requests);
        Assert.Contains("refused its access token", await _bench.CallAsync(_ana, "/mcp/erp"), StringComparison.Ordinal);
        Assert.Single(_bench.Erp.Requests);
    }

    [NodeFact]
    public async Task Operators_list_test_and_revoke_connections_and_people_their_own()
    {
        using var anas = ConnectionBench.NewBrowser("ana@crm");
        using var bens = ConnectionBench.NewBrowser("ben@crm");
        await _bench.ConnectAsync(anas, await _bench.LinkAsync(_ana), "ana");
        await _bench.ConnectAsync(bens, await _bench.LinkAsync(_ben), "ben");

        var (_, page) = await _bench.AdminAsync("GET", "connections?subject=ana");
        var one = Assert.Single(page!["items"]!.AsArray())!;
        Assert.Equal(
            ("crm", "people", "ana"), ((string?)one["server"], (string?)one["grant"], (string?)one["subject"]));
        Assert.DoesNotContain("sealed", page.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        var cli = new Cli(_bench.Folder, _bench.Address, ConnectionBench.AdminKey);
        var name = (string)one["name"]!;
        Assert.Equal(0, (await cli.RunAsync("connection", "test", name[..12])).ExitCode);
        Assert.Contains("ana", (await cli.RunAsync("connection", "list")).Output, StringComparison.Ordinal);
        var own = await _bench.GoAsync(bens, "/connections");
        Assert.Contains("for the grant people", own.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(name, own.Html, StringComparison.Ordinal);
        // A name of somebody else's connection is not one's own.
        var csrf = ConnectionBench.Field(own.Html, "csrf");
        await _bench.PostAsync(bens, "/connections", ("csrf", csrf), ("connection", name));
        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));

        Assert.Equal(0, (await cli.RunAsync("connection", "revoke", name[..12])).ExitCode);
        Assert.Contains("Connection required", await _bench.CallAsync(_ana), StringComparison.Ordinal);
        Assert.Equal(303, (await _bench.PostAsync(bens, "/connections", ("csrf", csrf),
            ("connection", ConnectionBench.Field(own.Html, "connection")))).Status);
        Assert.Contains("Connection required", await _bench.CallAsync(_ben), StringComparison.Ordinal);
        Assert.Empty((await _bench.AdminAsync("GET", "connections")).Json!["items"]!.AsArray());
    }

    [NodeFact]
    public async Task Tokens_are_sealed_and_the_gateway_itself_has_no_connection()
    {
        using var browser = ConnectionBench.NewBrowser("ana@erp");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana, "/mcp/erp"), "ana");
        await _bench.CallAsync(_ana, "/mcp/erp");
        var token = Assert.Single(_bench.Erp.Requests).Headers["Authorization"]["Bearer ".Length..];

        var tried = await _bench.AdminAsync("POST", "servers/other/test", new JsonObject
        {
            ["url"] = _bench.Erp.Url,
            ["auth"] = "oauth",
            ["oauth"] = new JsonObject { ["clientId"] = "gateway-client" },
        });

        Assert.Contains("the gateway has none of its own", (string?)tried.Json!["problem"] ?? tried.Json.ToJsonString(),
            StringComparison.Ordinal);
        Assert.Single(_bench.Erp.Requests);
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(_bench.Folder, "data"), "*", SearchOption.AllDirectories)
                .Where(static file => !file.EndsWith("lock", StringComparison.Ordinal)),
            file =>
            {
                using var stream = new FileStream(
                    file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream);
                Assert.DoesNotContain(token, reader.ReadToEnd(), StringComparison.Ordinal);
            });
    }

    private static string Account(RecordedRequest request)
    {
        var payload = request.Headers["Authorization"].Split('.')[1];
        return (string)JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload))!["sub"]!;
    }
}
