namespace Gateway.Server.Tests.Several;

/// <summary>Calls at <c>/mcp</c> that take more than one message, and lists of servers that lie.</summary>
public sealed class SeveralCallsTests(SeveralGateway gateway) : IClassFixture<SeveralGateway>
{
    private const string Unavailable = "policy-gateway/unavailable";

    [Fact]
    public async Task A_call_that_needs_input_is_retried_at_its_server_and_counted_once()
    {
        gateway.Erp.Pages = [["find", "ask", "remove", "pay"]];
        // Another test may have had the lists read before: a client knows a tool from a list.
        await gateway.AskAsync("tools/list", session: await gateway.OpenAsync());
        gateway.Erp.Own = static async (http, message) =>
        {
            if (!message.TryGetProperty("method", out var method) || !method.ValueEquals("tools/call"))
                return false;
            var parameters = message.GetProperty("params");
            var isRetry = parameters.TryGetProperty("requestState", out _);
            await ScriptedServer.ResultAsync(http, message.GetProperty("id"), isRetry
                ? """{"resultType":"complete","content":[{"type":"text","text":"paid"}]}"""
                : """
                    {"resultType":"input_required","requestState":"state-1","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?","requestedSchema":{"type":"object","properties":{}}}}}}
                    """);
            return true;
        };
        try
        {
            // Two are allowed a month: each of these is two messages and one call.
            for (var i = 0; i < 2; i++)
            {
                var asked = await PayAsync("");
                Assert.True(asked.GetProperty("resultType").GetString() == "input_required", asked.GetRawText());
                var paid = await PayAsync(
                    """
                    ,"requestState":"state-1","inputResponses":{"who":{"action":"accept","content":{}}}
                    """);
                Assert.Equal("paid", paid.GetProperty("content")[0].GetProperty("text").GetString());
            }

            var third = await PayAsync("");
            Assert.True(third.GetProperty("isError").GetBoolean());
            Assert.Equal(4, gateway.Erp.Calls("pay").Count);
            Assert.Empty(gateway.Crm.Calls("pay"));
        }
        finally
        {
            gateway.Erp.Own = null;
        }

        async Task<JsonElement> PayAsync(string more)
        {
            using var answer = await gateway.StatelessAsync(
                "tools/call", $$"""{"name":"erp__pay","arguments":{}{{more}}}""", "erp__pay");
            var text = await answer.Content.ReadAsStringAsync();
            return JsonDocument.Parse(text).RootElement.TryGetProperty("result", out var result)
                ? result : throw new InvalidOperationException(text);
        }
    }

    [Fact]
    public async Task An_approval_that_is_asked_for_here_is_good_at_the_server_s_own_address()
    {
        gateway.Crm.Pages = [["find", "ask", "remove", "sign"]];
        var session = await gateway.OpenAsync();
        await gateway.AskAsync("tools/list", session: session);
        var here = Decision(await gateway.CallAsync("crm__sign", session));
        var there = Decision(await gateway.CallAsync("sign", path: "/mcp/crm"));
        Assert.Equal("approval_required", here.GetProperty("outcome").GetString());
        var id = here.GetProperty("approvalId").GetString();
        Assert.Equal(id, there.GetProperty("approvalId").GetString());

        await gateway.AdminAsync("POST", $"approvals/{id}/approve", """{"by":"Ada"}""");

        Assert.Equal("crm did", Text(await gateway.CallAsync("crm__sign", session)));
        Assert.Single(gateway.Crm.Calls("sign"));
        var next = Decision(await gateway.CallAsync("crm__sign", session));
        Assert.NotEqual(id, next.GetProperty("approvalId").GetString());
    }

    [Fact]
    public async Task A_name_that_nobody_lists_is_refused_and_on_record()
    {
        var session = await gateway.OpenAsync();
        await gateway.CallAsync("crm__no_such_tool", session);
        await gateway.AskAsync("resources/read", """{"uri":"nobody://secret"}""", session);

        await Soon.UntilAsync(() => Unlisted("name", "nobody://secret") is not null, "both are on record");
        var record = Unlisted("tool", "crm__no_such_tool")!.Value;
        Assert.Equal(
            ("decision", "agent", "denied", "tools/call"),
            (record.GetProperty("kind").GetString(), record.GetProperty("grant").GetString(),
                record.GetProperty("outcome").GetString(), record.GetProperty("method").GetString()));
        Assert.StartsWith(
            "No server of this grant lists a tool crm__no_such_tool", record.GetProperty("reason").GetString(),
            StringComparison.Ordinal);

        JsonElement? Unlisted(string member, string value) => gateway.Records()
            .Where(one => one.TryGetProperty("rule", out var rule) && rule.ValueEquals("(not listed)")
                && one.TryGetProperty(member, out var found) && found.ValueEquals(value))
            .Select(static one => (JsonElement?)one).FirstOrDefault();
    }

    [Fact]
    public async Task A_server_that_lists_without_end_ends_at_a_bound_and_is_named()
    {
        gateway.Slow.Own = static async (http, message) =>
        {
            if (!message.TryGetProperty("method", out var method) || !method.ValueEquals("prompts/list"))
                return false;
            await ScriptedServer.ResultAsync(http, message.GetProperty("id"), """{"prompts":[],"nextCursor":"more"}""");
            return true;
        };
        try
        {
            var (pages, parameters, last) = (0, "{}", default(JsonElement));
            for (; pages < 1000; pages++)
            {
                last = (await gateway.AskAsync("prompts/list", parameters)).GetProperty("result");
                if (!last.TryGetProperty("nextCursor", out var next))
                    break;
                parameters = $$"""{"cursor":"{{next.GetString()}}"}""";
            }

            Assert.True(pages < 200, $"it ended after {pages} pages");
            Assert.Contains("has more than", Why(last, "slow"), StringComparison.Ordinal);
        }
        finally
        {
            gateway.Slow.Own = null;
        }
    }

    [Theory]
    [InlineData("""{"prompts":[{"name":"a"}],"nextCursor":"LONG"}""", "its cursor is over")]
    [InlineData("""{"prompts":"none"}""", null)]
    [InlineData("""[]""", "")]
    [InlineData("""{"prompts":[{"name":7},null,{"name":"b"},{}]}""", null)]
    public async Task A_server_that_lies_about_its_lists_takes_nothing_from_the_others(string result, string? why)
    {
        gateway.Slow.Own = async (http, message) =>
        {
            if (!message.TryGetProperty("method", out var method) || !method.ValueEquals("prompts/list"))
                return false;
            await ScriptedServer.ResultAsync(http, message.GetProperty("id"),
                result.Replace("LONG", new string('c', 2000), StringComparison.Ordinal));
            return true;
        };
        try
        {
            var list = (await gateway.AskAsync("prompts/list")).GetProperty("result");
            Assert.Contains(list.GetProperty("prompts").EnumerateArray(),
                static prompt => prompt.GetProperty("name").ValueEquals("crm__hello"));
            if (why is not null)
                Assert.Contains(why, Why(list, "slow"), StringComparison.Ordinal);
        }
        finally
        {
            gateway.Slow.Own = null;
        }
    }

    [Fact]
    public async Task A_server_with_very_many_tools_is_left_out_and_delays_nobody()
    {
        gateway.Slow.Own = static async (http, message) =>
        {
            if (!message.TryGetProperty("method", out var method) || !method.ValueEquals("tools/list"))
                return false;
            var tool = $$$"""{"name":"t","description":"{{{new string('x', 1000)}}}","inputSchema":{"type":"object"}},""";
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(
                $$$"""{"jsonrpc":"2.0","id":{{{message.GetProperty("id").GetRawText()}}},"result":{"tools":[""");
            for (var i = 0; i < 100_000 && !http.RequestAborted.IsCancellationRequested; i++)
                await http.Response.WriteAsync(tool);
            return true;
        };
        try
        {
            var list = (await gateway.AskAsync("tools/list")).GetProperty("result");
            Assert.Contains("crm__find", list.GetRawText(), StringComparison.Ordinal);
            Assert.NotEmpty(Why(list, "slow"));
        }
        finally
        {
            gateway.Slow.Own = null;
        }
    }

    private static string Why(JsonElement result, string server) =>
        result.GetProperty("_meta").GetProperty(Unavailable).EnumerateArray()
            .First(one => one.GetProperty("server").ValueEquals(server)).GetProperty("reason").GetString()!;

    private static JsonElement Decision(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("_meta").GetProperty("policy-gateway/decision");

    private static string Text(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
}
