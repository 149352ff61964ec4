namespace Gateway.Server.Tests.Several;

/// <summary>All servers of a grant at <c>/mcp</c>.</summary>
public sealed class SeveralServersTests(SeveralGateway gateway) : IClassFixture<SeveralGateway>
{
    private const string Unavailable = "policy-gateway/unavailable";

    [Fact]
    public async Task Tools_of_all_servers_stand_in_one_list_and_who_is_missing_is_named()
    {
        var session = await gateway.OpenAsync();
        var result = (await gateway.AskAsync("tools/list", session: session)).GetProperty("result");

        var names = Names(result, "tools", "name");
        Assert.Equal(["crm__find", "crm__ask", "erp__find", "erp__ask"], names.Take(4));
        Assert.DoesNotContain("crm__remove", names);
        Assert.Equal("find of crm", result.GetProperty("tools")[0].GetProperty("description").GetString());
        var missing = result.GetProperty("_meta").GetProperty(Unavailable).EnumerateArray();
        Assert.Contains(missing, static one => one.GetProperty("server").GetString() == "dead");
        Assert.All(gateway.Crm.Received("tools/list"), static request =>
            Assert.StartsWith("crm-", request.Headers.GetValueOrDefault("Mcp-Session-Id", "crm-")));
    }

    [Fact]
    public async Task A_call_reaches_its_server_and_the_record_under_its_own_name()
    {
        var session = await gateway.OpenAsync();
        var elsewhere = gateway.Crm.Calls("find").Count;
        Assert.Equal("erp did", Text(await gateway.CallAsync("erp__find", session)));

        var request = gateway.Erp.Calls("find")[^1];
        Assert.Contains("\"name\":\"find\"", request.Text, StringComparison.Ordinal);
        Assert.StartsWith("erp-", request.Headers["Mcp-Session-Id"], StringComparison.Ordinal);
        Assert.Equal(elsewhere, gateway.Crm.Calls("find").Count);
        await Soon.UntilAsync(() => gateway.Records().Any(static record =>
            Is(record, "server", "erp") && Is(record, "tool", "find")), "the call is on record");
        Assert.DoesNotContain(gateway.Records(), static record => Is(record, "tool", "erp__find"));
    }

    [Fact]
    public async Task A_tool_that_the_policy_denies_is_refused_as_at_its_own_address()
    {
        var session = await gateway.OpenAsync();
        var here = await gateway.CallAsync("crm__remove", session);
        var there = await gateway.CallAsync("remove", path: "/mcp/crm");

        Assert.True(here.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal(Text(there), Text(here));
        Assert.Empty(gateway.Crm.Calls("remove"));
    }

    [Fact]
    public async Task A_limit_counts_calls_from_both_addresses_together()
    {
        gateway.Erp.Pages = [["find", "ask", "remove"], ["pay"]];
        var session = await gateway.OpenAsync();
        Assert.Equal("erp did", Text(await gateway.CallAsync("erp__pay", session)));
        Assert.Equal("erp did", Text(await gateway.CallAsync("pay", path: "/mcp/erp")));
        var third = await gateway.CallAsync("erp__pay", session);
        Assert.True(third.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal(2, gateway.Erp.Calls("pay").Count);
    }

    [Fact]
    public async Task Pages_of_a_server_follow_by_one_cursor_and_another_is_refused()
    {
        gateway.Erp.Pages = [["find", "ask", "remove"], ["pay"]];
        var first = (await gateway.AskAsync("tools/list")).GetProperty("result");
        var cursor = first.GetProperty("nextCursor").GetString();
        var second = (await gateway.AskAsync("tools/list", $$"""{"cursor":"{{cursor}}"}""")).GetProperty("result");
        Assert.Equal(["erp__pay"], Names(second, "tools", "name"));
        Assert.False(second.TryGetProperty("nextCursor", out _));
        var wrong = await gateway.AskAsync("tools/list", """{"cursor":"1"}""");
        Assert.Equal(-32602, wrong.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_resource_is_read_from_the_server_that_lists_it_or_has_the_template()
    {
        var session = await gateway.OpenAsync();
        Assert.Contains("crm had", (await ReadAsync("crm://own")).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("erp had", (await ReadAsync("erp://item/7")).GetRawText(), StringComparison.Ordinal);
        var nobody = (await ReadAsync("nobody://x")).GetProperty("error").GetProperty("message").GetString();
        Assert.StartsWith("No server of this grant lists nobody://x", nobody, StringComparison.Ordinal);
        Assert.Contains("the server dead", nobody, StringComparison.Ordinal);
        Assert.Empty(gateway.Erp.Received("crm://own"));
        var list = (await gateway.AskAsync("resources/list", session: session)).GetProperty("result");
        Assert.Single(Names(list, "resources", "uri"), "erp://own");
        var prompts = (await gateway.AskAsync("prompts/list", session: session)).GetProperty("result");
        Assert.Contains("erp__hello", Names(prompts, "prompts", "name"));

        Task<JsonElement> ReadAsync(string uri) =>
            gateway.AskAsync("resources/read", $$"""{"uri":"{{uri}}"}""", session);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_to_the_model()
    {
        var answer = await gateway.CallAsync("dead__anything");
        Assert.True(answer.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Contains("the server dead", Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_hangs_delays_no_other_and_is_left_out()
    {
        using var hasty = new SeveralGateway { Wait = TimeSpan.FromSeconds(3) };
        await hasty.InitializeAsync();
        try
        {
            var (session, list) = ("", default(JsonElement));
            await Soon.UntilAsync(
                async () =>
                {
                    session = await hasty.TryOpenAsync() ?? "";
                    return session.Length > 0 && await ListsAsync("slow__find");
                },
                "all are warm");
            hasty.Slow.IsHung = true;
            var waiting = hasty.AskAsync("tools/list", session: session);
            Assert.Equal("crm did", Text(await hasty.CallAsync("crm__find", session)));
            await waiting;
            // What only this machine kept waiting is asked again.
            await Soon.UntilAsync(() => ListsAsync("crm__find"), "the others are listed");
            Assert.DoesNotContain("slow__find", Names(list, "tools", "name"));
            Assert.Contains("\"slow\"", list.GetProperty("_meta").GetRawText(), StringComparison.Ordinal);

            hasty.Slow.IsHung = false;
            await Soon.UntilAsync(() => ListsAsync("slow__find"), "it is asked again");

            async Task<bool> ListsAsync(string tool)
            {
                var answer = await hasty.AskAsync("tools/list", session: session);
                return answer.TryGetProperty("result", out list) && Names(list, "tools", "name").Contains(tool);
            }
        }
        finally
        {
            hasty.Slow.IsHung = false;
            await hasty.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_that_answers_others_meanwhile_is_slow_and_asked_on()
    {
        using var hasty = new SeveralGateway { Wait = TimeSpan.FromSeconds(3) };
        await hasty.InitializeAsync();
        try
        {
            var end = new TaskCompletionSource();
            hasty.Slow.Own = async (_, message) =>
            {
                if (message.TryGetProperty("method", out var method) && method.ValueEquals("prompts/list"))
                    await end.Task;
                return false;
            };
            var waiting = hasty.AskAsync("prompts/list");
            while (!waiting.IsCompleted)
                await hasty.AskAsync("tools/list");
            Assert.Contains("\"slow\"", (await waiting).GetRawText(), StringComparison.Ordinal);
            var next = (await hasty.AskAsync("tools/list")).GetRawText();
            Assert.DoesNotContain("is retried soon", next, StringComparison.Ordinal);
            end.SetResult();
        }
        finally
        {
            await hasty.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_two_servers_ask_under_one_id_is_answered_to_each()
    {
        var session = await gateway.OpenAsync();
        await gateway.AskAsync("tools/list", session: session);
        using var crm = await AskingAsync("crm__ask");
        using var erp = await AskingAsync("erp__ask");
        await using var ofCrm = SeveralGateway.EventsAsync(crm).GetAsyncEnumerator();
        await using var ofErp = SeveralGateway.EventsAsync(erp).GetAsyncEnumerator();
        var (crmId, erpId) = (await NextIdAsync(ofCrm), await NextIdAsync(ofErp));
        Assert.NotEqual(crmId, erpId);

        await AnswerAsync(erpId, "for-erp");
        await AnswerAsync(crmId, "for-crm");
        Assert.True(await ofCrm.MoveNextAsync());
        Assert.Contains("for-crm", Text(ofCrm.Current), StringComparison.Ordinal);
        Assert.True(await ofErp.MoveNextAsync());
        Assert.Contains("for-erp", Text(ofErp.Current), StringComparison.Ordinal);

        Task<HttpResponseMessage> AskingAsync(string tool) => gateway.PostAsync(
            $$$$"""{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}}}""", session);

        async Task AnswerAsync(string id, string root)
        {
            using var taken = await gateway.PostAsync(
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"roots":[{"uri":"file:///{{{root}}}"}]}}""", session);
            Assert.Equal(202, (int)taken.StatusCode);
        }
    }

    [Fact]
    public async Task One_stream_carries_the_notifications_of_every_server()
    {
        var session = await gateway.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/mcp"));
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("Accept", "text/event-stream");
        using var stream = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)stream.StatusCode);
        await using var events = SeveralGateway.EventsAsync(stream).GetAsyncEnumerator();
        gateway.Crm.SendListChanged();
        Assert.True(await events.MoveNextAsync());
        gateway.Erp.SendListChanged();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("notifications/tools/list_changed", events.Current.GetProperty("method").GetString());
    }

    [Fact]
    public async Task A_session_is_good_here_alone_for_its_grant_alone_and_after_a_restart()
    {
        var session = await gateway.OpenAsync();
        using var elsewhere = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", session, "/mcp/crm");
        Assert.Equal(404, (int)elsewhere.StatusCode);
        using var stolen = await gateway.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", session,
            change: static request => request.Headers.Authorization = new("Bearer", TestTokens.Other));
        Assert.Equal(404, (int)stolen.StatusCode);

        await gateway.RestartAsync();
        var before = gateway.Crm.Received("initialize").Count;
        Assert.Equal("crm did", Text(await gateway.CallAsync("crm__find", session)));
        Assert.Equal(before, gateway.Crm.Received("initialize").Count);
        using var end = new HttpRequestMessage(HttpMethod.Delete, new Uri(gateway.Address, "/mcp"));
        end.Headers.Add("Mcp-Session-Id", session);
        using var ended = await gateway.Client.SendAsync(end);
        Assert.Equal(200, (int)ended.StatusCode);
        Assert.NotEmpty(gateway.Crm.Bodiless("DELETE"));
        using var after = await gateway.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", session);
        Assert.Equal(404, (int)after.StatusCode);
    }

    [Fact]
    public async Task A_server_that_has_forgotten_the_session_is_called_in_a_new_one()
    {
        var session = await gateway.OpenAsync();
        Assert.Equal("erp did", Text(await gateway.CallAsync("erp__find", session)));
        var forgotten = gateway.Erp.Calls("find")[^1].Headers["Mcp-Session-Id"];
        gateway.Erp.Own = (http, _) =>
        {
            var isForgotten = http.Request.Headers["Mcp-Session-Id"] == forgotten;
            if (isForgotten)
                http.Response.StatusCode = 404;
            return Task.FromResult(isForgotten);
        };
        try
        {
            // 404 would end the client's session with the others too.
            var lost = (await gateway.CallAsync("erp__find", session)).GetProperty("result");
            Assert.True(lost.GetProperty("isError").GetBoolean());
            Assert.Contains("no longer knows its session", lost.GetRawText(), StringComparison.Ordinal);
            Assert.Contains("\"server\":\"erp\"", lost.GetRawText(), StringComparison.Ordinal);

            Assert.Equal("erp did", Text(await gateway.CallAsync("erp__find", session)));
            Assert.Equal("crm did", Text(await gateway.CallAsync("crm__find", session)));
        }
        finally
        {
            gateway.Erp.Own = null;
        }
    }

    [Fact]
    public async Task Calls_that_come_at_once_before_any_list_wait_for_the_same_one()
    {
        var session = await gateway.OpenAsync();
        await gateway.RestartAsync();
        var (lists, go) = (0, new TaskCompletionSource());
        gateway.Crm.Own = async (_, message) =>
        {
            if (message.TryGetProperty("method", out var method) && method.ValueEquals("tools/list"))
            {
                Interlocked.Increment(ref lists);
                await go.Task;
            }

            return false;
        };
        try
        {
            var calls = Enumerable.Range(0, 8).Select(_ => gateway.CallAsync("crm__find", session)).ToArray();
            await Soon.UntilAsync(() => lists > 0, "it is asked for its list");
            go.SetResult();
            foreach (var call in calls)
                Assert.Equal("crm did", Text(await call));
        }
        finally
        {
            gateway.Crm.Own = null;
        }
    }

    [Fact]
    public async Task What_the_stateless_revision_has_no_more_is_not_found_and_a_result_says_whose_it_is()
    {
        using var ping = await gateway.StatelessAsync("ping", """{"a":1}""");
        Assert.Equal(404, (int)ping.StatusCode);
        // A machine that is busy may take longer over the first than the gateway waits for servers.
        JsonElement result = default;
        await Soon.UntilAsync(
            async () =>
            {
                using var list = await gateway.StatelessAsync("tools/list", """{"a":1}""");
                return JsonDocument.Parse(await list.Content.ReadAsStringAsync()).RootElement
                    .TryGetProperty("result", out result);
            },
            "the list is answered");
        Assert.Equal("gateway", result.GetProperty("_meta").GetProperty("io.modelcontextprotocol/serverInfo")
            .GetProperty("name").GetString());
    }

    [Fact]
    public async Task An_unknown_task_and_a_response_to_nothing_is_refused()
    {
        var session = await gateway.OpenAsync();
        var task = await gateway.AskAsync("tasks/get", """{"taskId":"1"}""", session);
        Assert.Equal(-32602, task.GetProperty("error").GetProperty("code").GetInt32());
        using var answer = await gateway.PostAsync("""{"jsonrpc":"2.0","id":1,"result":{}}""", session);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_official_client_lists_and_calls(string version)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(gateway.Address, "/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {TestTokens.Agent}" },
            }),
            OfficialOptions.Speaking(version), null, deadline.Token);
        var tools = await client.ListToolsAsync(cancellationToken: deadline.Token);
        Assert.Contains(tools, static tool => tool.Name == "erp__find");
        var result = await client.CallToolAsync("erp__find", cancellationToken: deadline.Token);
        Assert.Equal("erp did", ((TextContentBlock)result.Content[0]).Text);
    }

    [NodeTheory]
    [InlineData(SeenSession.LegacyClient, "2025-11-25")]
    [InlineData(SeenSession.StatelessClient, "2026-07-28")]
    public async Task The_official_TypeScript_client_lists_and_calls(string script, string version)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var seen = await SeenSession.RunAsync(
            script, new Uri(gateway.Address, "/mcp"), TestTokens.Agent, deadline.Token,
            new ScriptedCall("erp__find", []), new ScriptedCall("crm__remove", []), new ScriptedCall("crm__find", []));

        Assert.Equal(("gateway", version), (seen.Server, seen.ProtocolVersion));
        Assert.Contains("erp__find", seen.Tools);
        Assert.Equal((false, "erp did"), (seen.Results[0].IsError, seen.Results[0].Text));
        seen.Results[1].AssertDenied("/tools/remove/action");
        Assert.Equal("crm did", seen.Results[2].Text);
    }

    private static async Task<string> NextIdAsync(IAsyncEnumerator<JsonElement> events)
    {
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("roots/list", events.Current.GetProperty("method").GetString());
        return events.Current.GetProperty("id").GetRawText();
    }

    private static List<string> Names(JsonElement result, string list, string member) =>
        [.. result.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty(member).GetString()!)];

    private static bool Is(JsonElement record, string member, string value) =>
        record.TryGetProperty(member, out var found) && found.ValueEquals(value);

    private static string Text(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
}
