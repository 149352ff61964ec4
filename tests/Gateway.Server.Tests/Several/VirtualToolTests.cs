namespace Gateway.Server.Tests.Several;

/// <summary>Tools that stand for others: the server gets the original's call, and that is what is evaluated.</summary>
public sealed class VirtualToolTests(SearchGateway gateway) : IClassFixture<SearchGateway>
{
    [Theory]
    [InlineData("/mcp/crm", "")]
    [InlineData("/mcp", "crm__")]
    public async Task A_list_shows_them_in_the_place_of_what_they_stand_for(string path, string prefix)
    {
        var listed = await gateway.AskAsync("tools/list", path: path, token: SearchGateway.Virtual);
        var tools = listed.GetProperty("result").GetProperty("tools").EnumerateArray()
            .ToDictionary(static tool => tool.GetProperty("name").GetString()!);
        Assert.DoesNotContain($"{prefix}move", tools.Keys);
        Assert.DoesNotContain($"{prefix}ask", tools.Keys);
        var moves = tools[$"{prefix}move_euros"];
        Assert.Equal("Moves up to five euros.", moves.GetProperty("description").GetString());
        Assert.Equal(
            5, moves.GetProperty("inputSchema").GetProperty("properties").GetProperty("amount").GetProperty("maximum")
                .GetInt32());
        Assert.Equal("ask of crm", tools[$"{prefix}find"].GetProperty("description").GetString());
        Assert.Contains($"{prefix}move_all", tools.Keys);
        Assert.Equal(prefix.Length > 0, tools.ContainsKey("erp__move"));
    }

    [Theory]
    [InlineData("/mcp/crm", "move_euros")]
    [InlineData("/mcp", "crm__move_euros")]
    public async Task The_server_gets_its_own_tool_with_what_was_fixed_and_what_was_left_out(string path, string name)
    {
        Assert.Equal("crm did", Text(await CallAsync(path, name, """{"amount" : 1.50 }""")));
        Assert.EndsWith(
            """tools/call","params":{"name":"move","arguments":{"amount" : 1.50 ,"currency":"EUR","note":"by an agent"}}}""",
            gateway.Crm.Calls("move")[^1].Text, StringComparison.Ordinal);
        Assert.Equal("crm did", Text(await CallAsync(path, name, """{"note":"\u00e9","amount":2}""")));
        Assert.EndsWith(
            """tools/call","params":{"name":"move","arguments":{"note":"\u00e9","amount":2,"currency":"EUR"}}}""",
            gateway.Crm.Calls("move")[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"amount":1,"currency":"USD"}""")]
    [InlineData("""{"amount":1,"currency":"EUR"}""")]
    [InlineData("""{"amount":1,"Currency":"USD"}""")]
    [InlineData("""{"amount":1,"NOTE":"x"}""")]
    [InlineData("""{"amount":6}""")]
    [InlineData("{}")]
    public async Task What_the_agent_may_not_say_is_refused_and_recorded(string arguments)
    {
        foreach (var (path, name) in new[] { ("/mcp/crm", "move_euros"), ("/mcp", "crm__move_euros") })
        {
            var before = gateway.Crm.Calls("move").Count;
            var answer = await CallAsync(path, name, arguments);
            Assert.True(answer.GetProperty("result").GetProperty("isError").GetBoolean());
            var decision = answer.GetProperty("result").GetProperty("_meta").GetProperty("policy-gateway/decision");
            Assert.Equal("(virtual tool)", decision.GetProperty("rule").GetString());
            Assert.Equal(before, gateway.Crm.Calls("move").Count);
        }

        await Soon.UntilAsync(() => gateway.Records().Any(static record =>
            record.TryGetProperty("rule", out var rule) && rule.ValueEquals("(virtual tool)")
            && record.GetProperty("tool").ValueEquals("move")), "the refusal is on record");
    }

    [Fact]
    public async Task A_rebuilt_call_is_evaluated_by_the_policy()
    {
        var answer = await CallAsync("/mcp/crm", "move_all", "{}");
        Assert.Contains("Over 10", Text(answer), StringComparison.Ordinal);
        Assert.Empty(gateway.Crm.Calls("100"));
    }

    [Theory]
    [InlineData("/mcp/crm", "move")]
    [InlineData("/mcp", "crm__move")]
    [InlineData("/mcp/crm", "ask")]
    public async Task What_they_stand_for_is_not_to_be_reached_by_its_own_name(string path, string name)
    {
        var before = gateway.Crm.Received("tools/call").Count;
        var answer = await CallAsync(path, name, """{"amount":1}""");
        Assert.True(answer.TryGetProperty("error", out _)
            || answer.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal(before, gateway.Crm.Received("tools/call").Count);
    }

    [Fact]
    public async Task The_stateless_revision_names_the_servers_own_tool_in_its_headers()
    {
        const string Meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}
            """;
        foreach (var (path, name) in new[] { ("/mcp/crm", "move_euros"), ("/mcp", "crm__move_euros") })
        {
            using var answer = await gateway.PostAsync(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{name}}}","arguments":{"amount":1},{{{Meta}}}}}""",
                path, SearchGateway.Virtual,
                ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", name));
            Assert.Equal(200, (int)answer.StatusCode);
            var sent = gateway.Crm.Calls("move")[^1];
            Assert.Equal("move", sent.Headers["Mcp-Name"]);
            Assert.Contains("2026-07-28", sent.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task They_are_found_and_called_by_a_grant_that_searches()
    {
        var found = await gateway.AskAsync(
            "tools/call", """{"name":"find_tools","arguments":{"limit":20}}""", token: SearchGateway.Both);
        Assert.Contains("\"move_euros\"", Text(found), StringComparison.Ordinal);
        Assert.DoesNotContain("\"move\"", Text(found), StringComparison.Ordinal);
        var called = await gateway.AskAsync(
            "tools/call", """{"name":"call_tool","arguments":{"name":"move_euros","arguments":{"amount":3}}}""",
            token: SearchGateway.Both);
        Assert.Equal("crm did", Text(called));
        Assert.Contains("\"currency\":\"EUR\"", gateway.Crm.Calls("move")[^1].Text, StringComparison.Ordinal);
    }

    private Task<JsonElement> CallAsync(string path, string name, string arguments) => gateway.AskAsync(
        "tools/call", $$"""{"name":"{{name}}","arguments":{{arguments}}}""", path, SearchGateway.Virtual);

    private static string Text(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
}
