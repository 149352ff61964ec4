namespace Gateway.Server.Tests.Connections;

/// <summary>A call whose server requires a scope that the caller's own token lacks (403, RFC 6750, 3.1).</summary>
public sealed class MissingScopeTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly ConcurrentQueue<string> _seen = new();
    private ConnectionBench _bench = null!;
    private string _ana = null!;
    private Func<string, string?> _scopeFor = static _ => null;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await ConnectionBench.StartAsync(time: _time);
        _ana = await _bench.TokenOfAsync("ana");
        _bench.Erp.Answer = AnswerAsync;
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeFact]
    public async Task A_link_requests_the_scope_and_the_repeated_call_runs()
    {
        using var browser = await ConnectAsync("/mcp/books");
        Require("mcp");

        var refused = await _bench.CallAsync(_ana, "/mcp/books", "refunded");
        // The connection stays as it is for calls that need no further scope.
        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/books", "free"));

        Assert.Contains("requires more access", refused, StringComparison.Ordinal);
        var link = LinkOf(refused);
        var page = await _bench.OpenAsync(browser, link, "ana");
        Assert.Matches("Requested: [^<]*mcp", page.Html);
        await _bench.ConnectAsync(browser, link, "ana");
        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/books", "refunded"));
        // The first call was refunded, so the limit of two has room for one more.
        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/books", "refunded"));
        Assert.DoesNotContain("done", await _bench.CallAsync(_ana, "/mcp/books", "refunded"), StringComparison.Ordinal);
        Assert.Equal(4, _seen.Count);
        await Soon.UntilAsync(() => Outcomes().Count == 4, "each end is recorded");
        Assert.Equal(("error", 403), Outcomes()[0]);
    }

    [NodeFact]
    public async Task A_client_that_opens_links_gets_an_elicitation()
    {
        using var browser = await ConnectAsync("/mcp/books");
        Require("mcp");

        var answer = await AskAsync(_ana);

        Assert.Equal("input_required", (string?)answer["result"]?["resultType"]);
        Assert.Contains(ConnectionBench.Origin + "/connections/", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task The_state_of_an_elicitation_is_its_callers()
    {
        using var browser = await ConnectAsync("/mcp/books");
        Require("mcp");
        var state = (string)(await AskAsync(_ana))["result"]!["requestState"]!;
        var ben = await _bench.TokenOfAsync("ben");

        // Ben has no connection, and gets a link of his own.
        var others = await AskAsync(ben, state);
        var own = await AskAsync(_ana, state);

        Assert.DoesNotContain("done", others.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("requires more access", others.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("done", own.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, _seen.Count);
    }

    [NodeFact]
    public async Task A_scope_that_was_requested_before_returns_no_link()
    {
        using var browser = await ConnectAsync("/mcp/books");
        _scopeFor = static _ => "mcp";
        await _bench.ConnectAsync(browser, LinkOf(await _bench.CallAsync(_ana, "/mcp/books", "free")), "ana");

        var refused = await _bench.CallAsync(_ana, "/mcp/books", "free");

        Assert.Contains("lacks the scope", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("/connections/", refused, StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData("/mcp/erp", "mcp:write", "lacks the scope")] // the operator has set the scope
    [InlineData("/mcp/books", "", "a scope that the server does not name")]
    [InlineData("/mcp/books", "a\\\"b", "a scope that the server does not name")]
    public async Task No_link_is_returned_if_it_would_not_help(string path, string scope, string reason)
    {
        using var browser = await ConnectAsync(path);
        _scopeFor = _ => scope;

        var refused = await _bench.CallAsync(_ana, path, "free");

        Assert.Contains(reason, refused, StringComparison.Ordinal);
        Assert.DoesNotContain("/connections/", refused, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_server_that_invents_scopes_creates_few_links()
    {
        using var browser = await ConnectAsync("/mcp/books");
        _scopeFor = _ => $"scope-{_seen.Count}";

        var refused = new List<string>();
        for (var calls = 0; calls < 12; calls++)
            refused.Add(await _bench.CallAsync(_ana, "/mcp/books", "free"));

        Assert.Equal(8, refused.Count(static text => text.Contains("/connections/", StringComparison.Ordinal)));
        Assert.Contains("links for many scopes", refused[^1], StringComparison.Ordinal);
        // A link is valid for ten minutes.
        _time.Jump(TimeSpan.FromMinutes(11));
        LinkOf(await _bench.CallAsync(_ana, "/mcp/books", "free"));
    }

    private Task<JsonNode> AskAsync(string token, string? state = null) => _bench.SendAsync(
        token,
        ConnectionBench.Call("refunded", """
            ,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":
            {"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"url":{}}} }
            """ + (state is null ? "" : $",\"requestState\":\"{state}\",\"inputResponses\":{{}}")),
        "/mcp/books",
        static request =>
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "refunded");
        });

    private void Require(string scope)
    {
        var first = "";
        _scopeFor = text =>
        {
            if (!text.Contains("refunded", StringComparison.Ordinal) || first.Length > 0)
                return null;
            first = text;
            return scope;
        };
    }

    private async Task<HttpClient> ConnectAsync(string path)
    {
        var browser = ConnectionBench.NewBrowser("ana@crm");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana, path), "ana");
        return browser;
    }

    private static string LinkOf(string text)
    {
        var link = Regex.Match(text, $"{ConnectionBench.Origin}(/connections/[A-Za-z0-9_-]+)").Groups[1].Value;
        Assert.True(link.Length > 0, text);
        return link;
    }

    private Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (!request.Text.Contains("tools/call", StringComparison.Ordinal))
            return RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        _seen.Enqueue(request.Text);
        if (_scopeFor(request.Text) is not { } scope)
        {
            return RecordingServer.JsonAsync(
                http, """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"done"}]}}""");
        }

        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\""
            + (scope.Length > 0 ? $", scope=\"{scope}\"" : "");
        return Task.CompletedTask;
    }

    private List<(string Ended, int Status)> Outcomes() =>
    [
        .. _bench.Records()
            .Where(static one => one.GetProperty("kind").GetString() == "outcome"
                && one.GetProperty("server").GetString() == "books" && one.TryGetProperty("tool", out _))
            .Select(static one => (one.GetProperty("ended").GetString()!, one.GetProperty("status").GetInt32())),
    ];
}
