using System.Net.ServerSentEvents;

namespace Gateway.Server.Tests.Several;

/// <summary>Notifications of lists that the gateway itself changed, on every kind of stream.</summary>
public sealed class ListChangedTests : IAsyncLifetime, IDisposable
{
    private const string Allow = """{ "version": "1", "default": "allow" }""";
    private const string Narrower = """{ "version": "1", "default": "allow", "tools": { "remove": { "action": "deny" } } }""";
    private const string Pinned = """
        { "version": "1", "default": "allow", "pin": "deny", "classes": { "Secret": { "action": "deny" }, "uncertain": {} } }
        """;
    private const string Redacting = """
        { "version": "1", "default": "allow", "tools": { "find": { "results": { "redact": [ { "known": "email" } ] } } } }
        """;

    private const string Search = """, "tools_as": "search" """;
    private const string Virtual = """, "virtual_tools": { "crm": { "seek": { "tool": "find" } } } """;
    private const string Key = "an_admin_key_for_tests_0123456789";
    private const string End = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"end"}}""";
    private const string Message = "notifications/message";
    private const string Tools = "notifications/tools/list_changed";
    private const string Both = """ "crm": "crm", "erp": "erp" """;
    private const string OfSubscription = """{"_meta":{"io.modelcontextprotocol/subscriptionId":"of me"}}""";

    private static readonly string[] All =
        [Tools, "notifications/prompts/list_changed", "notifications/resources/list_changed"];

    private readonly TestFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private ScriptedServer _crm = null!;
    private ScriptedServer _erp = null!;
    private GatewayHost _host = null!;

    public async Task InitializeAsync()
    {
        _crm = await ScriptedServer.StartAsync("crm");
        _erp = await ScriptedServer.StartAsync("erp");
        Configure();
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = Path.Combine(_folder.Path, "gateway.json") },
                DrainTime = TimeSpan.FromSeconds(2),
                Inventories = new() { Every = TimeSpan.Zero },
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _crm.DisposeAsync();
        await _erp.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Allow, Narrower, "", true)]
    [InlineData(Redacting, Narrower, "", true)]
    [InlineData(Allow, Allow, Search, false)]
    [InlineData(Allow, Allow, Virtual, false)]
    public async Task Stream_of_a_session_reports_each_list_that_the_configuration_changed(
        string before, string after, string grant, bool isAll)
    {
        await ConfigureAsync(before);
        await using var events = await StreamAsync("/mcp/crm");

        Configure(after, grant: grant);

        foreach (var method in isAll ? All : [Tools])
            Assert.Equal((method, "{}"), await NextAsync(events));
        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task Session_with_servers_that_answer_405_to_GET_has_a_stream_that_reports_changed_lists(string path)
    {
        _crm.HasNoStream = _erp.HasNoStream = true;
        await using var events = await StreamAsync(path);
        using var resumed = await GetAsync(path, TestTokens.Agent, "1");

        Configure(Narrower);

        foreach (var method in All)
            Assert.Equal((method, "{}"), await NextAsync(events));
        Assert.Equal(path == "/mcp" ? 400 : 405, (int)resumed.StatusCode);
    }

    [Fact]
    public async Task Stream_reports_nothing_if_only_the_view_of_others_changed()
    {
        await using var events = await StreamAsync("/mcp/crm");
        await using var others = await StreamAsync("/mcp/erp", TestTokens.Other);

        Configure(erp: Narrower, other: Narrower);

        Assert.Equal(Tools, (await NextAsync(others)).Method);
        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Fact]
    public async Task Stream_of_several_servers_reports_a_pause_and_the_end_of_it()
    {
        await using var events = await StreamAsync("/mcp");

        await AdminAsync("POST", "servers/erp/pause");
        foreach (var method in All)
            Assert.Equal((method, "{}"), await NextAsync(events));
        await AdminAsync("POST", "servers/erp/resume");
        foreach (var method in All)
            Assert.Equal((method, "{}"), await NextAsync(events));

        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Fact]
    public async Task Stream_of_several_servers_reports_a_server_that_the_grant_gained_or_lost()
    {
        await ConfigureAsync(servers: """ "crm": "crm" """);
        await using var events = await StreamAsync("/mcp");

        Configure(servers: Both);
        foreach (var method in All)
            Assert.Equal((method, "{}"), await NextAsync(events));
        Configure(servers: """ "crm": "crm" """);
        foreach (var method in All)
            Assert.Equal((method, "{}"), await NextAsync(events));

        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task Stream_reports_a_tool_that_drifted_was_accepted_or_has_another_class(string path)
    {
        await ConfigureAsync(Pinned);
        await AdminAsync("GET", "catalogue/crm?refresh=1");
        await using var events = await StreamAsync(path);

        _crm.Pages = [["find", "ask", "remove", "fresh"]];
        await AdminAsync("GET", "catalogue/crm?refresh=1");
        Assert.Equal((Tools, "{}"), await NextAsync(events));
        var drift = await AdminAsync("GET", "catalogue/crm/drift");
        var contract = drift.GetProperty("tools").EnumerateArray()
            .Single(static tool => tool.GetProperty("name").GetString() == "fresh").GetProperty("contract").GetString();
        await AdminAsync("POST", $"catalogue/crm/tools/fresh/accept?contract={contract}");
        Assert.Equal((Tools, "{}"), await NextAsync(events));
        await AdminAsync("PUT", "catalogue/crm/tools/find/class", """{ "class": "Secret", "reason": "Shows keys." }""");
        Assert.Equal((Tools, "{}"), await NextAsync(events));

        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task Subscription_reports_the_lists_that_it_asked_for_with_its_id(string path)
    {
        await using var events = await ListenAsync(path, """{"toolsListChanged":true,"resourcesListChanged":true}""");
        Assert.Equal("notifications/subscriptions/acknowledged", (await NextAsync(events)).Method);

        Configure(Narrower);

        Assert.Equal((Tools, OfSubscription), await NextAsync(events));
        Assert.Equal((All[2], OfSubscription), await NextAsync(events));
        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Theory]
    [InlineData("/mcp/crm", """{"promptsListChanged":false}""")]
    [InlineData("/mcp", """{"resourceSubscriptions":["crm://own"]}""")]
    public async Task Subscription_reports_no_list_that_it_did_not_ask_for(string path, string filter)
    {
        await using var events = await ListenAsync(path, filter);
        Assert.Equal("notifications/subscriptions/acknowledged", (await NextAsync(events)).Method);
        await using var others = await StreamAsync("/mcp/erp", TestTokens.Other);

        Configure(Narrower, erp: Narrower, other: Narrower);

        Assert.Equal(Tools, (await NextAsync(others)).Method);
        _crm.Send(End);
        Assert.Equal(Message, (await NextAsync(events)).Method);
    }

    [Fact]
    public async Task Acknowledgement_for_several_servers_names_the_lists_that_the_gateway_reports()
    {
        _crm.Own = _erp.Own = async (http, message) =>
        {
            if (message.GetProperty("method").GetString() != "subscriptions/listen")
                return false;
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("""
                data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{}}}


                """.ReplaceLineEndings("\n"));
            await http.Response.Body.FlushAsync();
            await RecordingServer.UntilGoneAsync(http);
            return true;
        };
        await using var events = await ListenAsync("/mcp", """{"promptsListChanged":true}""");

        var acknowledged = await NextAsync(events);

        Assert.Equal(
            """{"_meta":{"io.modelcontextprotocol/subscriptionId":"of me"},"notifications":{"promptsListChanged":true}}""",
            acknowledged.Parameters);
    }

    [Fact]
    public async Task Notification_waits_for_the_end_of_an_event()
    {
        var isHalf = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Longer than what is taken whole and what sockets hold, so that a part of the event reaches the client.
        var text = new string('x', 32 * 1024 * 1024);
        _crm.Own = async (http, message) =>
        {
            if (message.GetProperty("method").GetString() != "subscriptions/listen")
                return false;
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {}\n\ndata: " + text);
            await http.Response.Body.FlushAsync();
            isHalf.SetResult();
            await goOn.Task;
            await http.Response.WriteAsync(text + "\n\n");
            await http.Response.Body.FlushAsync();
            await RecordingServer.UntilGoneAsync(http);
            return true;
        };
        await using var events = await ListenAsync("/mcp/crm", """{"toolsListChanged":true}""");
        await MoveAsync(events);
        var moving = MoveAsync(events);
        await isHalf.Task.WaitAsync(Soon.AtMost);
        await using var others = await StreamAsync("/mcp/erp", TestTokens.Other);

        Configure(Narrower, other: Narrower);
        Assert.Equal(Tools, (await NextAsync(others)).Method);
        goOn.SetResult();

        await moving;
        Assert.True(text + text == events.Current.Data, events.Current.Data[..100]);
        Assert.Equal((Tools, OfSubscription), await NextAsync(events));
    }

    [Fact]
    public async Task Several_servers_together_declare_that_their_lists_change()
    {
        using var opened = await PostAsync("/mcp", """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
            """);

        var result = JsonDocument.Parse(await opened.Content.ReadAsStringAsync()).RootElement.GetProperty("result");

        Assert.Equal(
            """{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true},"logging":{},"completions":{}}""",
            result.GetProperty("capabilities").GetRawText());
    }

    private void Configure(
        string crm = Allow, string erp = Allow, string other = Allow, string grant = "", string servers = Both)
    {
        var path = Path.Combine(_folder.Path, "gateway.json");
        File.WriteAllText(path + ".new", $$"""
            {
              "servers": { "crm": { "url": "{{_crm.Url}}" }, "erp": { "url": "{{_erp.Url}}" } },
              "policies": { "crm": {{crm}}, "erp": {{erp}}, "other": {{other}} },
              "grants": {
                "agent": { "servers": { {{servers}} }, "token": "{{TestTokens.Agent}}" {{grant}} },
                "other": { "servers": { "erp": "other" }, "token": "{{TestTokens.Other}}" }
              },
              "admin": { "key": "{{Key}}" }
            }
            """);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Changes the configuration, and returns once it is in force.</summary>
    private async Task ConfigureAsync(string crm = Allow, string servers = Both)
    {
        if (crm == Allow && servers == Both)
            return;
        await using (var events = await StreamAsync("/mcp"))
        {
            Configure(crm, servers: servers);
            await MoveAsync(events);
        }

        // One that is about to end would take what the server tells the next.
        await Soon.UntilAsync(() => _crm.Streams + _erp.Streams == 0, "the stream has ended at the servers");
    }

    private async Task<JsonElement> AdminAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private Uri Address => new(_host.Addresses[0]);

    private async Task<HttpResponseMessage> PostAsync(
        string path, string body, Action<HttpRequestMessage>? change = null, string token = TestTokens.Agent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        change?.Invoke(request);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Opens a session and its GET stream.</summary>
    private async Task<IAsyncEnumerator<SseItem<string>>> StreamAsync(string path, string token = TestTokens.Agent) =>
        Events(await GetAsync(path, token));

    private async Task<HttpResponseMessage> GetAsync(string path, string token, string? after = null)
    {
        using var opened = await PostAsync(path, """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
            """, token: token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Mcp-Session-Id", opened.Headers.GetValues("Mcp-Session-Id").Single());
        request.Headers.Add("Accept", "text/event-stream");
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<IAsyncEnumerator<SseItem<string>>> ListenAsync(string path, string filter)
    {
        const string meta = """
            {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
            """;
        return Events(await PostAsync(
            path,
            """{"jsonrpc":"2.0","id":"of me","method":"subscriptions/listen","params":{"notifications":""" + filter
                + ",\"_meta\":" + meta.Trim() + "}}",
            request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", "subscriptions/listen");
            }));
    }

    private static IAsyncEnumerator<SseItem<string>> Events(HttpResponseMessage response)
    {
        Assert.True(
            response.Content.Headers.ContentType?.MediaType == "text/event-stream",
            $"{(int)response.StatusCode} {response.Content.Headers.ContentType}");
        return ReadAsync(response).GetAsyncEnumerator();
    }

    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            await foreach (var one in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
                yield return one;
        }
    }

    private static async Task MoveAsync(IAsyncEnumerator<SseItem<string>> events) =>
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Soon.AtMost));

    private static async Task<(string? Method, string Parameters)> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        await MoveAsync(events);
        var message = JsonDocument.Parse(events.Current.Data).RootElement;
        return (message.GetProperty("method").GetString(), message.GetProperty("params").GetRawText());
    }
}
