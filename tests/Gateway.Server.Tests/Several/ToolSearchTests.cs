namespace Gateway.Server.Tests.Several;

/// <summary>Whatever is called by <c>call_tool</c> is evaluated as if it were called itself.</summary>
public sealed class ToolSearchTests(SearchGateway gateway) : IClassFixture<SearchGateway>
{
    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task The_list_is_exactly_three_tools(string path)
    {
        var tools = (await gateway.AskAsync("tools/list", path: path)).GetProperty("result").GetProperty("tools");
        Assert.Equal(["find_tools", "describe_tool", "call_tool"], Names(tools));
        Assert.All(tools.EnumerateArray(), static tool =>
            Assert.Equal("object", tool.GetProperty("inputSchema").GetProperty("type").GetString()));
        var empty = await gateway.AskAsync("tools/list", path: path, token: TestTokens.NoPolicy);
        Assert.Empty(Names(empty.GetProperty("result").GetProperty("tools")));
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task All_that_is_found_is_what_a_list_would_show(string path)
    {
        var listed = await gateway.AskAsync("tools/list", path: path, token: TestTokens.Other);
        var names = Names(listed.GetProperty("result").GetProperty("tools"));
        var found = Json(await gateway.MetaAsync("find_tools", """{"limit":20}""", path));
        Assert.Equal(
            names.Where(static name => name.Length <= 256).Order(StringComparer.Ordinal),
            Names(found.GetProperty("tools")).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(names, static name => name.EndsWith("secret_door", StringComparison.Ordinal));
        Assert.Contains(names, static name => name.EndsWith("refund", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fits_best_is_found_first_and_described_as_its_server_does()
    {
        var found = Json(await gateway.MetaAsync("find_tools", """{"query":"give a refund","limit":2}""", "/mcp"));
        var name = Names(found.GetProperty("tools"))[0];
        Assert.Equal("crm__refund", name);
        var described = Json(await gateway.MetaAsync("describe_tool", $$"""{"name":"{{name}}"}""", "/mcp"));
        Assert.Equal(name, described.GetProperty("name").GetString());
        Assert.Equal("refund of crm", described.GetProperty("description").GetString());
        Assert.Equal("object", described.GetProperty("inputSchema").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Where_nothing_fits_names_are_shown_to_choose_from()
    {
        var found = Json(await gateway.MetaAsync("find_tools", """{"query":"zzz","limit":3}"""));
        Assert.Equal(0, found.GetProperty("matches").GetInt32());
        Assert.Equal(3, Names(found.GetProperty("tools")).Count);
    }

    [Theory]
    [InlineData("/mcp/crm", "secret_door")]
    [InlineData("/mcp/crm", "remove")]
    [InlineData("/mcp/crm", "never_there")]
    [InlineData("/mcp", "crm__secret_door")]
    public async Task What_may_not_be_called_is_neither_found_nor_described(string path, string name)
    {
        var hidden = await gateway.MetaAsync("describe_tool", $$"""{"name":"{{name}}"}""", path);
        Assert.True(IsError(hidden));
        Assert.Equal(Text(await gateway.MetaAsync("describe_tool", """{"name":"x"}""", path)), Text(hidden));
        var found = await gateway.MetaAsync("find_tools", $$"""{"query":"{{name}}","limit":20}""", path);
        Assert.DoesNotContain($"\"{name}\"", Text(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_sent_and_recorded_as_if_it_were_made_directly()
    {
        const string Arguments = """{"amount" : 1.50, "text":"\u00e9 \\ \"x\""}""";
        Assert.Equal("crm did", Text(await gateway.DirectlyAsync("move", Arguments)));
        var direct = gateway.Crm.Calls("move")[^1].Text;
        Assert.Equal("crm did", Text(await gateway.CallAsync("move", Arguments)));
        Assert.Equal(direct, gateway.Crm.Calls("move")[^1].Text);
        Assert.Equal("erp did", Text(await gateway.CallAsync("erp__move", Arguments, "/mcp")));
        Assert.Equal(direct, gateway.Erp.Calls("move")[^1].Text);

        await Soon.UntilAsync(() => gateway.Records().Count(static record =>
            Is(record, "tool", "move") && Is(record, "grant", "searching")) >= 2, "both calls are on record");
        Assert.DoesNotContain(gateway.Records(), static record => Is(record, "tool", "call_tool"));
        Assert.Empty(gateway.Crm.Calls("call_tool"));
    }

    [Theory]
    [InlineData("remove", "{}")]
    [InlineData("secret_door", "{}")]
    [InlineData("move", """{"amount":11}""")]
    [InlineData("move", """{"amount":"1","Amount":2}""")]
    public async Task A_refusal_reads_the_same(string tool, string arguments)
    {
        var before = gateway.Crm.Calls(tool).Count;
        var direct = await gateway.DirectlyAsync(tool, arguments);
        var inner = await gateway.CallAsync(tool, arguments);
        Assert.Equal(direct.GetRawText(), inner.GetRawText());
        Assert.True(IsError(inner));
        Assert.Equal(before, gateway.Crm.Calls(tool).Count);
    }

    [Fact]
    public async Task A_limit_counts_inner_and_direct_calls_of_one_grant_together()
    {
        Assert.Equal("crm did", Text(await gateway.CallAsync("pay")));
        Assert.Equal("crm did", Text(await gateway.MetaAsync("pay", "{}")));
        var third = await gateway.CallAsync("crm__pay", path: "/mcp");
        Assert.True(IsError(third));
        Assert.Equal("rate_limited", Decision(third).GetProperty("outcome").GetString());
        Assert.Equal(2, gateway.Crm.Calls("pay").Count);
    }

    [Fact]
    public async Task What_waits_for_a_person_is_one_request_however_it_is_called()
    {
        var inner = await gateway.CallAsync("refund", """{"a":1,"b":2}""");
        var direct = await gateway.MetaAsync("refund", """{"b":2,"a":1}""");
        Assert.Equal("approval_required", Decision(inner).GetProperty("outcome").GetString());
        Assert.Equal(
            Decision(direct).GetProperty("approvalId").GetString(),
            Decision(inner).GetProperty("approvalId").GetString());
        Assert.Empty(gateway.Crm.Calls("refund"));
    }

    [Fact]
    public async Task A_tool_of_the_servers_that_is_called_as_one_of_the_three_is_called_by_call_tool()
    {
        Assert.Contains("\"matches\"", Text(await gateway.MetaAsync("find_tools", "{}")), StringComparison.Ordinal);
        Assert.Empty(gateway.Crm.Calls("find_tools"));
        Assert.Equal("crm did", Text(await gateway.CallAsync("find_tools")));
        Assert.Single(gateway.Crm.Calls("find_tools"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":"find","arguments":"{}"}""")]
    [InlineData("""{"name":"find","arguments":{},"more":1}""")]
    [InlineData("""{"Name":"find"}""")]
    public async Task A_call_that_is_written_wrong_reaches_nobody_and_says_how(string arguments)
    {
        var before = gateway.Crm.Calls("find").Count;
        var answer = await gateway.MetaAsync("call_tool", arguments);
        Assert.True(IsError(answer));
        Assert.StartsWith("call_tool takes", Text(answer), StringComparison.Ordinal);
        Assert.Equal(before, gateway.Crm.Calls("find").Count);
    }

    [Fact]
    public async Task Headers_of_the_stateless_revision_say_what_is_sent()
    {
        const string Meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}
            """;
        using var answer = await gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"call_tool","arguments":{"arguments":{"a":1},"name":"find"},{{{Meta}}}}}""",
            "/mcp/crm", TestTokens.Agent,
            ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "call_tool"),
            ("Mcp-Param-Of-Another", "x"));
        Assert.Equal(200, (int)answer.StatusCode);
        var sent = gateway.Crm.Calls("find")[^1];
        Assert.Equal("find", sent.Headers["Mcp-Name"]);
        Assert.DoesNotContain("Mcp-Param-Of-Another", sent.Headers.Keys);
        Assert.Contains("\"arguments\":{\"a\":1}", sent.Text, StringComparison.Ordinal);
        using var list = await gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{{{Meta}}}}}""", "/mcp", TestTokens.Agent,
            ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/list"));
        var result = JsonDocument.Parse(await list.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
        Assert.Equal("complete", result.GetProperty("resultType").GetString());
        Assert.Equal("private", result.GetProperty("cacheScope").GetString());
    }

    private static List<string> Names(JsonElement tools) =>
        [.. tools.EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()!)];

    private static JsonElement Json(JsonElement answer) => JsonDocument.Parse(Text(answer)).RootElement;

    private static JsonElement Decision(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("_meta").GetProperty("policy-gateway/decision");

    private static bool IsError(JsonElement answer) =>
        answer.GetProperty("result").TryGetProperty("isError", out var error) && error.GetBoolean();

    private static bool Is(JsonElement record, string member, string value) =>
        record.TryGetProperty(member, out var found) && found.ValueEquals(value);

    private static string Text(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
}
