namespace Gateway.Server.Tests.Several;

/// <summary>Resources at <c>/mcp</c> that tools return, and URIs that several servers have.</summary>
public sealed class SeveralResourcesTests : IAsyncLifetime, IDisposable
{
    private const string Rules = """
        , "resources": {
            "deny": ["*secret*"],
            "results": { "redact": [ { "matches": "PIN-\\d+" } ] }
          },
          "all_tools": { "results": { "redact": [ { "matches": "PIN-\\d+" } ] } }
        """;

    private readonly SeveralGateway _gateway = new() { MorePolicy = Rules };

    public async Task InitializeAsync()
    {
        await _gateway.InitializeAsync();
        foreach (var server in (ScriptedServer[])[_gateway.Crm, _gateway.Erp])
        {
            server.Pages = [["find", "ask", "remove", "link"]];
            server.Own = (http, message) => AnswerAsync(server, http, message);
        }
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("json")]
    [InlineData("sse")]
    public async Task Resources_that_a_tool_returns_are_read_from_its_server_by_the_rewritten_uris(string arguments)
    {
        var session = await _gateway.OpenAsync();
        var result = await LinkAsync("erp", session, arguments);
        var content = result.GetProperty("content");
        var links = new[]
        {
            content[0].GetProperty("uri").GetString()!,
            content[1].GetProperty("resource").GetProperty("uri").GetString()!,
            result.GetProperty("_meta").GetProperty("ui").GetProperty("resourceUri").GetString()!,
        };

        Assert.StartsWith("memo://policy-gateway.invalid/erp/", links[0], StringComparison.Ordinal);
        Assert.StartsWith("file://policy-gateway.invalid/erp/", links[1], StringComparison.Ordinal);
        Assert.StartsWith("ui://policy-gateway.invalid/erp/", links[2], StringComparison.Ordinal);
        Assert.Equal("memo://1", content[2].GetProperty("text").GetString());
        Assert.Equal("https://example.com/a", content[3].GetProperty("uri").GetString());
        foreach (var (link, original) in links.Zip(["memo://1", "file:///a%20b", "ui://card"]))
        {
            Assert.Equal(link, new Uri(link).AbsoluteUri);
            var read = (await ReadAsync(link, session)).GetProperty("result").GetProperty("contents");
            Assert.Equal(link, read[0].GetProperty("uri").GetString());
            Assert.Equal($"erp has {original}", read[0].GetProperty("text").GetString());
            // What is below it can be read in turn.
            var below = (await ReadAsync(read[1].GetProperty("uri").GetString()!, session)).GetProperty("result");
            Assert.Equal(
                $"erp has {original}/below", below.GetProperty("contents")[0].GetProperty("text").GetString());
        }

        Assert.Empty(_gateway.Crm.Received("resources/read"));
        // The gateway keeps no table of them.
        await _gateway.RestartAsync();
        Assert.Contains(
            "erp has memo://1", (await ReadAsync(links[0], session)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_of_results_are_read_in_the_stateless_revision()
    {
        await _gateway.AskAsync("tools/list", session: await _gateway.OpenAsync());
        using var called = await _gateway.StatelessAsync(
            "tools/call", """{"name":"erp__link","arguments":{"as":"json"}}""", "erp__link");
        var link = JsonDocument.Parse(await called.Content.ReadAsStringAsync()).RootElement.GetProperty("result")
            .GetProperty("content")[0].GetProperty("uri").GetString()!;
        using var answer = await _gateway.StatelessAsync("resources/read", $$"""{"uri":"{{link}}"}""", link);
        var read = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        Assert.Equal(link, read.GetProperty("result").GetProperty("contents")[0].GetProperty("uri").GetString());
        Assert.Equal("memo://1", _gateway.Erp.Received("resources/read").Single().Headers["Mcp-Name"]);
    }

    [Fact]
    public async Task A_tool_in_the_list_names_its_app_by_a_uri_that_can_be_read()
    {
        var session = await _gateway.OpenAsync();
        var tools = (await _gateway.AskAsync("tools/list", session: session)).GetProperty("result");
        var meta = tools.GetProperty("tools").EnumerateArray()
            .Single(static tool => tool.GetProperty("name").ValueEquals("crm__shown")).GetProperty("_meta");
        var link = meta.GetProperty("ui").GetProperty("resourceUri").GetString()!;

        Assert.StartsWith("ui://policy-gateway.invalid/crm/", link, StringComparison.Ordinal);
        Assert.Equal(link, meta.GetProperty("ui/resourceUri").GetString());
        Assert.Equal("kept", meta.GetProperty("other").GetString());
        Assert.Contains("crm has ui://card", (await ReadAsync(link, session)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_of_the_server_are_applied_to_its_own_uri_and_to_the_result()
    {
        var session = await _gateway.OpenAsync();
        var content = (await LinkAsync("crm", session, "json")).GetProperty("content");
        var secret = content[4].GetProperty("uri").GetString()!;
        Assert.DoesNotContain("secret", secret, StringComparison.Ordinal);
        var denied = (await ReadAsync(secret, session)).GetProperty("error");
        Assert.Contains("/resources/deny", denied.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_gateway.Crm.Received("resources/read"));
        await Soon.UntilAsync(
            () => _gateway.Records().Any(static record => record.TryGetProperty("name", out var name)
                && name.ValueEquals("memo://secret") && record.GetProperty("outcome").ValueEquals("denied")),
            "the record has the server's own URI");

        // The pattern sees the URI before it is sealed.
        var redacted = (await ReadAsync(content[5].GetProperty("uri").GetString()!, session)).GetProperty("result");
        Assert.Contains(
            "memo://[redacted]", _gateway.Crm.Received("resources/read").Single().Text, StringComparison.Ordinal);
        Assert.Equal("crm has memo://[redacted]", redacted.GetProperty("contents")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_sealed_uri_of_another_grant_or_a_changed_one_is_unknown_and_reaches_no_server()
    {
        var session = await _gateway.OpenAsync();
        var link = (await LinkAsync("crm", session, "json")).GetProperty("content")[0].GetProperty("uri").GetString()!;
        var last = link[^20] == 'A' ? 'B' : 'A';
        string[] changed =
        [
            link[..^20] + last + link[^19..],
            link.Replace("/crm/", "/erp/", StringComparison.Ordinal),
            link.Replace("memo:", "file:", StringComparison.Ordinal),
            link + "/more",
            "memo://policy-gateway.invalid/crm/",
        ];
        foreach (var uri in changed)
            AssertUnknown(await ReadAsync(uri, session), uri);

        using var other = await _gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"{{{link}}}"}}""",
            change: static request => request.Headers.Authorization = new("Bearer", TestTokens.Other));
        AssertUnknown(JsonDocument.Parse(await other.Content.ReadAsStringAsync()).RootElement, link);
        Assert.Empty(_gateway.Crm.Received("resources/read"));
        Assert.Empty(_gateway.Erp.Received("resources/read"));
        Assert.True((await ReadAsync(link, session)).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task A_uri_that_two_servers_list_or_have_a_template_for_is_an_error_that_names_both()
    {
        var session = await _gateway.OpenAsync();
        foreach (var uri in (string[])["twice://listed", "twice://item/7"])
        {
            var error = (await ReadAsync(uri, session)).GetProperty("error");
            Assert.Equal(-32602, error.GetProperty("code").GetInt32());
            Assert.StartsWith(
                $"The URI {uri} could belong to several servers of this grant: crm, erp. ",
                error.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                $$"""{"uri":"{{uri}}","servers":["crm","erp"]}""", error.GetProperty("data").GetRawText());
        }

        Assert.Empty(_gateway.Crm.Received("resources/read"));
        Assert.Empty(_gateway.Erp.Received("resources/read"));
        var list = (await _gateway.AskAsync("resources/list", session: session)).GetProperty("result");
        var listed = list.GetProperty("resources").EnumerateArray()
            .Where(static one => one.GetProperty("name").ValueEquals("twice"))
            .Select(static one => one.GetProperty("uri").GetString()!).ToList();
        Assert.Equal(2, listed.Count);
        foreach (var (uri, server) in listed.Zip(["crm", "erp"]))
            Assert.Contains(
                $"{server} has twice://listed", (await ReadAsync(uri, session)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_uri_that_only_one_of_two_servers_may_serve_to_the_grant_is_read_from_it()
    {
        foreach (var uri in (string[])["twice://listed", "twice://item/7"])
        {
            using var response = await _gateway.PostAsync(
                $$$"""{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"{{{uri}}}"}}""",
                change: static request => request.Headers.Authorization = new("Bearer", SeveralGateway.Partly));

            Assert.Contains($"crm has {uri}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(_gateway.Erp.Received("resources/read"));
    }

    [Fact]
    public async Task A_subscription_with_a_rewritten_uri_reaches_its_server_and_is_notified_with_it()
    {
        var session = await _gateway.OpenAsync();
        var link = (await LinkAsync("erp", session, "json")).GetProperty("content")[0].GetProperty("uri").GetString()!;
        using var stream = await _gateway.StreamAsync(session);
        await using var events = SeveralGateway.EventsAsync(stream).GetAsyncEnumerator();
        await _gateway.AskAsync("resources/subscribe", $$"""{"uri":"{{link}}"}""", session);
        Assert.Contains(
            "\"memo://1\"", _gateway.Erp.Received("resources/subscribe").Single().Text, StringComparison.Ordinal);

        _gateway.Erp.Send(Updated);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(link, events.Current.GetProperty("params").GetProperty("uri").GetString());
        await _gateway.AskAsync("resources/unsubscribe", $$"""{"uri":"{{link}}"}""", session);
        Assert.Contains(
            "\"memo://1\"", _gateway.Erp.Received("resources/unsubscribe").Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listening_with_a_rewritten_uri_is_acknowledged_and_notified_with_it()
    {
        var session = await _gateway.OpenAsync();
        var link = (await LinkAsync("erp", session, "json")).GetProperty("content")[0].GetProperty("uri").GetString()!;
        using var stream = await _gateway.StatelessAsync(
            "subscriptions/listen", $$$"""{"notifications":{"resourceSubscriptions":["{{{link}}}"]}}""");
        await using var events = SeveralGateway.EventsAsync(stream).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(
            $$"""{"resourceSubscriptions":["{{link}}"]}""",
            events.Current.GetProperty("params").GetProperty("notifications").GetRawText());
        Assert.Contains(
            "[\"memo://1\"]", _gateway.Erp.Received("subscriptions/listen").Single().Text, StringComparison.Ordinal);

        _gateway.Erp.Send(Updated);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(link, events.Current.GetProperty("params").GetProperty("uri").GetString());
    }

    [NodeFact]
    public async Task Resource_links_of_the_everything_server_are_read()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var everything = await EverythingServer.StartAsync(deadline.Token);
        using var gateway = new SeveralGateway { OneMore = $$"""
            "more": { "url": "{{everything.Address}}" }
            """ };
        await gateway.InitializeAsync();
        try
        {
            var session = await gateway.OpenAsync();
            var links = await gateway.AskAsync(
                "tools/call", """{"name":"more__get-resource-links","arguments":{"count":2}}""", session);
            var link = links.GetProperty("result").GetProperty("content").EnumerateArray()
                .First(static block => block.GetProperty("type").ValueEquals("resource_link")).GetProperty("uri");
            Assert.StartsWith("demo://policy-gateway.invalid/more/", link.GetString(), StringComparison.Ordinal);
            var read = await gateway.AskAsync("resources/read", $$"""{"uri":{{link.GetRawText()}}}""", session);
            Assert.Equal(
                link.GetString(),
                read.GetProperty("result").GetProperty("contents")[0].GetProperty("uri").GetString());
        }
        finally
        {
            await gateway.DisposeAsync();
        }
    }

    private const string Updated =
        """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"memo://1"}}""";

    private static void AssertUnknown(JsonElement answer, string uri)
    {
        var error = answer.GetProperty("error");
        Assert.Equal(-32002, error.GetProperty("code").GetInt32());
        Assert.Equal(
            $"No server of this grant lists {uri}, and none has a matching template.",
            error.GetProperty("message").GetString());
    }

    private static async Task<bool> AnswerAsync(ScriptedServer server, HttpContext http, JsonElement message)
    {
        if (!message.TryGetProperty("method", out var method) || !message.TryGetProperty("id", out var id))
            return false;
        var parameters = message.TryGetProperty("params", out var given) ? given : default;
        var result = method.GetString() switch
        {
            "tools/list" => """
                {"resultType":"complete","tools":[{"name":"link","inputSchema":{"type":"object"}},{"name":"shown","inputSchema":{"type":"object"},"_meta":{"ui":{"resourceUri":"ui://card"},"ui/resourceUri":"ui://card","other":"kept"} }],"ttlMs":0,"cacheScope":"private"}
                """,
            "tools/call" => Linking,
            "resources/list" => """
                {"resources":[{"uri":"twice://listed","name":"twice"}]}
                """,
            "resources/templates/list" => """
                {"resourceTemplates":[{"uriTemplate":"twice://item/{id}","name":"item"}]}
                """,
            "resources/read" => Read(server, parameters.GetProperty("uri").GetString()!),
            _ => null,
        };
        if (result is null)
            return false;
        if (method.ValueEquals("tools/call")
            && parameters.GetProperty("arguments").GetProperty("as").ValueEquals("sse"))
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(
                $$$"""data: {"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{{{result.Trim()}}}}""" + "\n\n");
        }
        else
            await ScriptedServer.ResultAsync(http, id, result);
        return true;
    }

    private const string Linking = """
        {"resultType":"complete","content":[{"uri":"memo:\/\/1","name":"one","type":"resource_link"},{"type":"resource","resource":{"uri":"file:///a%20b","text":"t"}},{"type":"text","text":"memo://1"},{"type":"resource_link","uri":"https://example.com/a","name":"web"},{"type":"resource_link","uri":"memo://secret","name":"s"},{"type":"resource_link","uri":"memo://PIN-1","name":"p"}],"_meta":{"ui":{"resourceUri":"ui://card"}}}
        """;

    private static string Read(ScriptedServer server, string uri) => $$"""
        {"resultType":"complete","contents":[{"uri":"{{uri}}","text":"{{server.Name}} has {{uri}}"},{"uri":"{{uri}}/below","text":"b"}],"ttlMs":0,"cacheScope":"private"}
        """;

    private async Task<JsonElement> LinkAsync(string server, string session, string form)
    {
        await _gateway.AskAsync("tools/list", session: session);
        var answer = await _gateway.AskAsync(
            "tools/call", $$$"""{"name":"{{{server}}}__link","arguments":{"as":"{{{form}}}"}}""",
            session);
        return answer.GetProperty("result");
    }

    private Task<JsonElement> ReadAsync(string uri, string session) =>
        _gateway.AskAsync("resources/read", $$"""{"uri":"{{uri}}"}""", session);
}
