namespace Gateway.Server.Tests.Several;

/// <summary>An agent reads how far its own limits are used, where its policy shows that.</summary>
public sealed class OwnLimitsTests(SeveralGateway gateway) : IClassFixture<SeveralGateway>
{
    private const string Uri = "gateway://limits";
    private const string Read = """{"uri":"gateway://limits"}""";
    private const string Shown = """
        { "version": "1", "default": "allow", "show_limits": true, "tools": { "pay": { "limits": [
          { "counter": "pays", "window": "month", "max": 2 },
          { "counter": "all", "window": "month", "max": 100, "scope": "server" },
          { "counter": "each", "window": "month", "max": 5, "by": "args.to" } ] } } }
        """;

    [Fact]
    public async Task Shows_what_is_left_counts_nothing_and_asks_no_server()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var own = await TestGateway.StartAsync(server, Shown);
        await own.CallToolAsync("pay", """{"to":"a"}""");

        var first = Limits(await ReadAsync(own));
        var second = Limits(await ReadAsync(own));
        var other = Limits(await ReadAsync(own, TestTokens.Other));

        Assert.Equal(["pays", "all"], first["limits"]!.AsArray().Select(static one => (string?)one!["counter"]));
        Assert.Equal(("agent", "srv"), ((string?)first["grant"], (string?)first["server"]));
        var pays = first["limits"]![0]!;
        Assert.Equal(
            ["month", "grant", "2", "1", "1"],
            ((string[])["window", "scope", "max", "used", "remaining"]).Select(name => (string?)pays[name]));
        Assert.Matches("^20..-..-01T00:00:00.000Z$", (string?)pays["resetAt"]);
        Assert.Equal("1", (string?)second["limits"]![0]!["used"]);
        Assert.Equal(("other", "0"), ((string?)other["grant"], (string?)other["limits"]![0]!["used"]));
        Assert.DoesNotContain("agent", other.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
        await own.DisposeHostAsync();
        Assert.Equal(3, own.AuditRecords().Count(static record => record.GetProperty("kind").GetString() == "decision"
            && record.GetProperty("rule").GetString() == "/show_limits"));
    }

    [Fact]
    public async Task Says_so_in_the_shape_of_the_stateless_revision()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var own = await TestGateway.StartAsync(server, Shown);

        var result = (await StatelessAsync(own, "resources/read", Uri))["result"]!;

        Assert.Equal(
            ("complete", 0, "private"),
            ((string?)result["resultType"], (int)result["ttlMs"]!, (string?)result["cacheScope"]));
        Assert.Equal(Uri, (string?)result["contents"]![0]!["uri"]);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("resources/read", """{ "version": "1", "default": "allow" }""")]
    [InlineData("resources/read", """{ "version": "1", "default": "allow", "mode": "shadow" }""")]
    [InlineData("resources/subscribe", Shown)]
    [InlineData("resources/unsubscribe", Shown)]
    public async Task Denies_when_the_policy_does_not_show_it_and_never_forwards_it(string method, string policy)
    {
        await using var server = await RecordingServer.StartAsync();
        await using var own = await TestGateway.StartAsync(server, policy);

        using var response = await own.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{Read}}}}""");

        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal((-31001, "(limits not shown)"), ((int)error["code"]!, (string?)error["data"]!["rule"]));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Stands_in_the_list_of_a_server_that_has_no_resources_and_only_there()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = static (http, request) => RecordingServer.JsonAsync(
            http, """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}""",
            request.Text.Contains("2026-07-28", StringComparison.Ordinal) ? 404 : 200);
        await using var own = await TestGateway.StartAsync(server, Shown);

        var legacy = (await SendAsync(own, """{"jsonrpc":"2.0","id":1,"method":"resources/list"}"""))["result"]!;
        var templates = (await SendAsync(
            own, """{"jsonrpc":"2.0","id":1,"method":"resources/templates/list"}"""))["result"]!;
        var stateless = (await StatelessAsync(own, "resources/list"))["result"]!;
        var later = await SendAsync(
            own, """{"jsonrpc":"2.0","id":1,"method":"resources/list","params":{"cursor":"2"}}""");
        var tools = await SendAsync(own, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");

        Assert.Equal(Uri, (string?)legacy["resources"]!.AsArray().Single()!["uri"]);
        Assert.Empty(templates["resourceTemplates"]!.AsArray());
        Assert.Equal(Uri, (string?)stateless["resources"]!.AsArray().Single()!["uri"]);
        Assert.Equal("private", (string?)stateless["cacheScope"]);
        Assert.Equal(-32601, (int)later["error"]!["code"]!);
        Assert.Equal(-32601, (int)tools["error"]!["code"]!);
    }

    [Fact]
    public async Task A_server_cannot_list_it_in_the_gateways_name()
    {
        const string forged = """{"jsonrpc":"2.0","id":1,"result":{"resources":[{"uri":"gateway://limits","name":"x"}]}}""";
        await using var server = await RecordingServer.StartAsync();
        server.Answer = static (http, _) => RecordingServer.JsonAsync(http, forged);
        await using var own = await TestGateway.StartAsync(server, """{ "version": "1", "default": "allow" }""");

        var listed = await SendAsync(own, """{"jsonrpc":"2.0","id":1,"method":"resources/list"}""");

        Assert.Empty(listed["result"]!["resources"]!.AsArray());
    }

    [Fact]
    public async Task Shows_the_limits_of_all_servers_at_the_address_of_all()
    {
        var session = await gateway.OpenAsync();
        var listed = (await gateway.AskAsync("resources/list", session: session)).GetProperty("result");
        var read = (await gateway.AskAsync("resources/read", Read, session)).GetProperty("result");

        Assert.Single(
            listed.GetProperty("resources").EnumerateArray(),
            static one => one.GetProperty("uri").GetString() == Uri);
        var texts = read.GetProperty("contents").EnumerateArray()
            .Select(static one => JsonNode.Parse(one.GetProperty("text").GetString()!)!).ToList();
        Assert.Equal(["crm", "erp", "slow"], texts.Select(static one => (string?)one["server"]).Order());
        Assert.All(texts, static one => Assert.Equal("pays", (string?)one["limits"]![0]!["counter"]));
        Assert.Empty(gateway.Crm.Received("resources/read"));
    }

    private static async Task<JsonNode> SendAsync(TestGateway own, string body)
    {
        using var response = await own.PostAsync(body);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static async Task<JsonNode> ReadAsync(TestGateway own, string token = TestTokens.Agent)
    {
        using var response = await own.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{{{Read}}}}""",
            request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static async Task<JsonNode> StatelessAsync(TestGateway own, string method, string? uri = null)
    {
        var named = uri is null ? "" : $"\"uri\":\"{uri}\",";
        using var response = await own.PostAsync(
            $$$$"""
            {"jsonrpc":"2.0","id":1,"method":"{{{{method}}}}","params":{ {{{{named}}}}"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } } }
            """,
            request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", method);
                if (uri is not null)
                    request.Headers.Add("Mcp-Name", uri);
            });
        Assert.Equal(200, (int)response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static JsonNode Limits(JsonNode answer) =>
        JsonNode.Parse((string)answer["result"]!["contents"]![0]!["text"]!)!;
}
