using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>The negotiation of extensions between a client and a server, at the address of the server.</summary>
public sealed class ExtensionTests
{
    private const string Offered =
        """{"tools":{},"extensions":{"io.modelcontextprotocol/tasks":{},"com.example/sync":{"v":2}},"tasks":{"list":{},"cancel":{}}}""";

    private const string Declared =
        """{"extensions":{"com.example/sync":{},"io.modelcontextprotocol/tasks":{}},"elicitation":{}}""";

    [Theory]
    [InlineData("", "io.modelcontextprotocol/tasks", "cancel")]
    [InlineData(""","extensions":["com.example/sync"]""", "com.example/sync", "")]
    [InlineData(""","extensions":[]""", "", "")]
    public async Task Initialize_shows_both_sides_only_what_passes(string member, string extensions, string tasks)
    {
        await using var server = await ServerAsync();
        await using var gateway = await StartAsync(server, member);
        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":"""
            + Declared + ""","clientInfo":{"name":"t","version":"1"}}}""");
        var seen = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var shown = seen.GetProperty("result").GetProperty("capabilities");

        Assert.Equal(extensions, Names(shown, "extensions"));
        Assert.Equal(tasks, Names(shown, "tasks"));
        var sent = JsonDocument.Parse(server.Requests.Single().Text).RootElement;
        Assert.Equal(extensions, Names(sent.GetProperty("params").GetProperty("capabilities"), "extensions"));
    }

    [Fact]
    public async Task Discovery_and_every_stateless_request_show_only_what_passes()
    {
        await using var server = await ServerAsync();
        await using var gateway = await StartAsync(server, "");
        var discovered = await StatelessAsync(gateway, "server/discover", "{}");
        await StatelessAsync(gateway, "tools/call", """{"name":"find"}""", "find");

        Assert.Equal("io.modelcontextprotocol/tasks",
            Names(discovered.GetProperty("result").GetProperty("capabilities"), "extensions"));
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, static request => Assert.Equal(
            "io.modelcontextprotocol/tasks",
            Names(JsonDocument.Parse(request.Text).RootElement.GetProperty("params").GetProperty("_meta")
                .GetProperty("io.modelcontextprotocol/clientCapabilities"), "extensions")));
    }

    [Fact]
    public async Task A_call_asks_for_no_task_where_tasks_do_not_pass()
    {
        await using var server = await ServerAsync();
        await using var gateway = await StartAsync(server, ""","extensions":[]""");
        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"task":{"ttl":5},"name":"find","Task":{}}}""");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find"}}""", server.Requests.Single().Text);
    }

    [Fact]
    public async Task Requests_about_tasks_are_not_served_where_tasks_do_not_pass()
    {
        await using var server = await ServerAsync();
        await using var gateway = await StartAsync(server, ""","extensions":[]""");
        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"t"}}""");
        Assert.Contains("-32601", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(""","extensions":[]""", 0, "\"rule\":\"/extensions\"")]
    [InlineData(""","extensions":["io.modelcontextprotocol/ui"]""", 1, "contents")]
    public async Task Pages_of_apps_are_denied_where_apps_do_not_pass(string member, int sent, string text)
    {
        await using var server = await ServerAsync();
        server.Answer = static (http, _) => RecordingServer.JsonAsync(http, Result("""{"contents":[]}"""));
        await using var gateway = await StartAsync(server, member);
        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"ui://s/app.html"}}""");
        Assert.Contains(text, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(sent, server.Requests.Count);
    }

    [Fact]
    public async Task Discovery_of_several_servers_shows_the_extensions_of_each()
    {
        await using var server = await ServerAsync();
        await using var gateway = await StartAsync(server, "");
        var all = await StatelessAsync(gateway, "server/discover", "{}", path: "/mcp");
        Assert.Equal("io.modelcontextprotocol/tasks",
            Names(all.GetProperty("result").GetProperty("capabilities"), "extensions"));
    }

    [Theory]
    [InlineData("initialize")]
    [InlineData("server/discover")]
    public async Task Each_of_several_servers_gets_and_shows_only_what_its_own_policy_passes(string method)
    {
        using var gateway = new SeveralGateway { MorePolicy = """, "extensions": ["com.example/sync"] """ };
        await gateway.InitializeAsync();
        foreach (var server in (ScriptedServer[])[gateway.Crm, gateway.Erp])
            server.Own = OfferAsync;
        void AsPartly(HttpRequestMessage request) =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SeveralGateway.Partly);

        using var response = method == "initialize"
            ? await gateway.PostAsync(
                """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":"""
                + Declared + ""","clientInfo":{"name":"t","version":"1"}}}""", change: AsPartly)
            : await gateway.StatelessAsync(method, """{"a":1}""", null, Declared, change: AsPartly);

        var seen = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
        Assert.Equal(
            ["com.example/sync", "io.modelcontextprotocol/tasks"],
            Names(seen.GetProperty("capabilities"), "extensions").Split(' ').Order());
        foreach (var (server, passed, other) in
            ((ScriptedServer, string, string)[])[
                (gateway.Crm, "com.example/sync", "io.modelcontextprotocol/tasks"),
                (gateway.Erp, "io.modelcontextprotocol/tasks", "com.example/sync")])
        {
            var sent = server.Received(method).Single().Text;
            Assert.Contains(passed, sent, StringComparison.Ordinal);
            Assert.DoesNotContain(other, sent, StringComparison.Ordinal);
        }

        await gateway.DisposeAsync();
    }

    private static async Task<bool> OfferAsync(HttpContext http, JsonElement message)
    {
        if (!message.TryGetProperty("method", out var method))
            return false;
        var isInitialize = method.ValueEquals("initialize");
        if (!isInitialize && !method.ValueEquals("server/discover"))
            return false;
        await ScriptedServer.ResultAsync(http, message.GetProperty("id"), isInitialize
            ? """{"protocolVersion":"2025-11-25","capabilities":""" + Offered + ""","serverInfo":{"name":"s","version":"1"}}"""
            : """{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":""" + Offered
                + ""","serverInfo":{"name":"s","version":"1"},"ttlMs":0,"cacheScope":"private"}""");
        return true;
    }

    private static string Names(JsonElement capabilities, string member) =>
        capabilities.TryGetProperty(member, out var value)
            ? string.Join(' ', value.EnumerateObject().Select(static one => one.Name)) : "";

    private static Task<TestGateway> StartAsync(RecordingServer server, string member) =>
        TestGateway.StartAsync(server, $$"""{"version":"1","default":"allow"{{member}}}""");

    private static async Task<RecordingServer> ServerAsync()
    {
        var server = await RecordingServer.StartAsync();
        server.Answer = static (http, request) => RecordingServer.JsonAsync(http, request.Text switch
        {
            var text when text.Contains("\"initialize\"", StringComparison.Ordinal) => Result(
                """{"protocolVersion":"2025-11-25","capabilities":""" + Offered + ""","serverInfo":{"name":"s","version":"1"}}"""),
            var text when text.Contains("server/discover", StringComparison.Ordinal) => Result(
                $$"""{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{{Offered}},"serverInfo":{"name":"s","version":"1"},"ttlMs":0,"cacheScope":"private"}"""),
            _ => Result("""{"resultType":"complete","content":[]}"""),
        });
        return server;
    }

    private static string Result(string result) => $$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""";

    private static async Task<JsonElement> StatelessAsync(
        TestGateway gateway, string method, string parameters, string? name = null, string path = "/mcp/srv")
    {
        const string meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
            "io.modelcontextprotocol/clientCapabilities":
            """ + Declared + "}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, path));
        request.Content = new StringContent(
            $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":""" + parameters[..^1]
                + (parameters == "{}" ? "" : ",") + meta + "}}",
            Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
            request.Headers.Add("Mcp-Name", name);
        using var response = await gateway.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
