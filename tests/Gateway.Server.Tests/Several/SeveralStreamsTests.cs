using System.Net.ServerSentEvents;

namespace Gateway.Server.Tests.Several;

/// <summary>What the servers of a grant ask, tell and stream to its client at <c>/mcp</c>, in both revisions.</summary>
public sealed class SeveralStreamsTests(SeveralGateway gateway) : IClassFixture<SeveralGateway>
{
    private const string Sampling = """
        "method":"sampling/createMessage","params":{"messages":[],"maxTokens":5,"_meta":{"progressToken":3}}
        """;

    private const string Elicitation = """
        "method":"elicitation/create","params":{"message":"Which?","requestedSchema":{"type":"object","properties":{}}}
        """;

    private const string Sampled = """
        "result":{"role":"assistant","content":{"type":"text","text":"said"},"model":"m"}
        """;

    private const string Accepted = """
        "result":{"action":"accept","content":{"said":"yes"}}
        """;

    private const string Refused = """
        "error":{"code":-1,"message":"said no"}
        """;

    [Theory]
    [InlineData(Sampling, "sampling/createMessage", Sampled)]
    [InlineData(Elicitation, "elicitation/create", Accepted)]
    [InlineData(Elicitation, "elicitation/create", Refused)]
    public async Task What_a_server_asks_reaches_the_client_and_the_answer_that_server(
        string question, string method, string answer)
    {
        gateway.Erp.Question = question;
        var session = await gateway.OpenAsync();
        using var asking = await AskingAsync("erp__ask", session);
        await using var events = SeveralGateway.EventsAsync(asking).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(method, events.Current.GetProperty("method").GetString());

        using var taken = await gateway.PostAsync(
            $$"""{"jsonrpc":"2.0","id":{{events.Current.GetProperty("id").GetRawText()}},{{answer}}}""", session);

        Assert.Equal(202, (int)taken.StatusCode);
        Assert.True(await events.MoveNextAsync());
        Assert.Contains("said", Text(events.Current), StringComparison.Ordinal);
        // The server has its own id back, whatever the client saw.
        Assert.Equal(1, JsonDocument.Parse(Text(events.Current)).RootElement.GetProperty("id").GetInt32());
        Assert.DoesNotContain(gateway.Crm.Received("said"), static request => request.Method == "POST");
    }

    [Fact]
    public async Task An_answer_that_comes_after_a_restart_still_reaches_the_server_that_asked()
    {
        gateway.Erp.Question = Elicitation;
        var session = await gateway.OpenAsync();
        string id;
        using (var asking = await AskingAsync("erp__ask", session))
        {
            await using var events = SeveralGateway.EventsAsync(asking).GetAsyncEnumerator();
            Assert.True(await events.MoveNextAsync());
            id = events.Current.GetProperty("id").GetRawText();
        }

        await gateway.RestartAsync();
        using var taken = await gateway.PostAsync(
            $$"""{"jsonrpc":"2.0","id":{{id}},""" + """
            "result":{"action":"accept","content":{"after":"restart"}}}
            """, session);

        Assert.Equal(202, (int)taken.StatusCode);
        var request = Assert.Single(gateway.Erp.Received("after"));
        Assert.Contains("\"id\":1", request.Text, StringComparison.Ordinal);
        Assert.StartsWith("erp-", request.Headers["Mcp-Session-Id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_broke_off_goes_on_at_each_server_where_it_stood_after_a_restart_too()
    {
        var session = await gateway.OpenAsync();
        string last;
        using (var stream = await gateway.StreamAsync(session))
        {
            await using var events = ItemsAsync(stream).GetAsyncEnumerator();
            gateway.Crm.SendListChanged();
            Assert.True(await events.MoveNextAsync());
            gateway.Erp.SendListChanged();
            Assert.True(await events.MoveNextAsync());
            last = events.Current.EventId!;
        }

        await gateway.RestartAsync();
        using var again = await gateway.StreamAsync(session, last);
        Assert.Equal(200, (int)again.StatusCode);
        await Soon.UntilAsync(
            () => gateway.Crm.Streams + gateway.Erp.Streams + gateway.Slow.Streams == 3, "all streams are open again");
        Assert.StartsWith("crm-", gateway.Crm.Bodiless("GET")[^1].Headers["Last-Event-ID"], StringComparison.Ordinal);
        Assert.StartsWith("erp-", gateway.Erp.Bodiless("GET")[^1].Headers["Last-Event-ID"], StringComparison.Ordinal);
        Assert.False(gateway.Slow.Bodiless("GET")[^1].Headers.ContainsKey("Last-Event-ID"));
        await using var more = ItemsAsync(again).GetAsyncEnumerator();
        gateway.Erp.SendListChanged();
        Assert.True(await more.MoveNextAsync());
        Assert.Contains("list_changed", more.Current.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_of_an_answer_is_fetched_at_the_server_that_gave_it()
    {
        var session = await gateway.OpenAsync();
        gateway.Erp.Question = Elicitation;
        string last, id;
        using (var asking = await AskingAsync("erp__ask", session))
        {
            await using var events = ItemsAsync(asking).GetAsyncEnumerator();
            Assert.True(await events.MoveNextAsync());
            last = events.Current.EventId!;
            id = JsonDocument.Parse(events.Current.Data).RootElement.GetProperty("id").GetRawText();
        }

        Assert.Equal("erp~5", last);
        var others = gateway.Crm.Bodiless("GET").Count;
        using (var rest = await gateway.StreamAsync(session, last))
        {
            Assert.Equal(200, (int)rest.StatusCode);
            Assert.Equal("5", gateway.Erp.Bodiless("GET")[^1].Headers["Last-Event-ID"]);
            Assert.Equal(others, gateway.Crm.Bodiless("GET").Count);
        }

        using var unknownSession = await gateway.StreamAsync(session, "5");
        Assert.Equal(400, (int)unknownSession.StatusCode);
        using var answered = await gateway.PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},{{Accepted}}}""", session);
        Assert.Equal(202, (int)answered.StatusCode);
    }

    [Fact]
    public async Task A_stream_that_ends_at_once_is_whole_though_its_ids_are_longer_here()
    {
        var session = await gateway.OpenAsync();
        gateway.Crm.Own = static async (http, message) =>
        {
            if (message.GetProperty("method").GetString() != "tools/call")
                return false;
            var body = "id: 3\nretry: 500\ndata: \n\n"u8.ToArray();
            http.Response.ContentType = "text/event-stream";
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body);
            return true;
        };
        try
        {
            using var answer = await AskingAsync("crm__find", session);
            Assert.Equal("id: crm~3\nretry: 500\ndata: \n\n", await answer.Content.ReadAsStringAsync());
        }
        finally
        {
            gateway.Crm.Own = null;
        }
    }

    [Fact]
    public async Task A_subscription_reaches_the_server_of_the_resource_and_its_notifications_the_client()
    {
        var session = await gateway.OpenAsync();
        using var stream = await gateway.StreamAsync(session);
        await using var events = SeveralGateway.EventsAsync(stream).GetAsyncEnumerator();
        var answer = await gateway.AskAsync("resources/subscribe", """{"uri":"erp://own"}""", session);
        Assert.True(answer.TryGetProperty("result", out _), answer.GetRawText());
        Assert.Single(gateway.Erp.Received("resources/subscribe"));
        Assert.Empty(gateway.Crm.Received("resources/subscribe"));

        gateway.Erp.Send(
            """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"erp://own"}}""");
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("erp://own", events.Current.GetProperty("params").GetProperty("uri").GetString());
        await gateway.AskAsync("resources/unsubscribe", """{"uri":"erp://own"}""", session);
        Assert.Single(gateway.Erp.Received("resources/unsubscribe"));
    }

    [Fact]
    public async Task The_level_of_logs_goes_to_every_server_and_logs_and_progress_come_back()
    {
        var session = await gateway.OpenAsync();
        var set = await gateway.AskAsync("logging/setLevel", """{"level":"warning"}""", session);
        Assert.True(set.TryGetProperty("result", out _), set.GetRawText());
        Assert.Contains(
            "\"warning\"", Assert.Single(gateway.Crm.Received("logging/setLevel")).Text, StringComparison.Ordinal);
        Assert.Single(gateway.Erp.Received("logging/setLevel"));

        gateway.Erp.Own = async (http, message) =>
        {
            if (!message.TryGetProperty("method", out var method) || !method.ValueEquals("tools/call"))
                return false;
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("""
                data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"of erp"}}

                data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}


                """.ReplaceLineEndings("\n"));
            await http.Response.WriteAsync(
                $$$"""data: {"jsonrpc":"2.0","id":{{{message.GetProperty("id").GetRawText()}}},"result":{"content":[]}}""" + "\n\n");
            return true;
        };
        try
        {
            using var call = await gateway.PostAsync(
                """{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"erp__find","arguments":{},"_meta":{"progressToken":"p"}}}""",
                session);
            List<string> notified = [];
            await foreach (var one in SeveralGateway.EventsAsync(call))
            {
                notified.Add(one.TryGetProperty("params", out var said)
                    ? said.GetRawText() : one.GetProperty("id").GetRawText());
            }

            Assert.Equal(
                ["""{"level":"error","data":"of erp"}""", """{"progressToken":"p","progress":1}""", "9"], notified);
        }
        finally
        {
            gateway.Erp.Own = null;
        }
    }

    [Fact]
    public async Task A_completion_goes_to_the_server_of_its_prompt_or_template_under_its_own_name()
    {
        var session = await gateway.OpenAsync();
        await gateway.AskAsync("completion/complete",
            """{"ref":{"type":"ref/prompt","name":"erp__hello"},"argument":{"name":"a","value":"b"}}""", session);
        await gateway.AskAsync("completion/complete",
            """{"ref":{"type":"ref/resource","uri":"crm://item/{id}"},"argument":{"name":"id","value":"1"}}""", session);

        Assert.Contains("\"hello\"", One(gateway.Erp, "completion/complete"), StringComparison.Ordinal);
        Assert.Contains("crm://item/{id}", One(gateway.Crm, "completion/complete"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listening_asks_each_server_for_its_own_and_is_acknowledged_once_for_all()
    {
        await gateway.QuietAsync();
        using var stream = await gateway.StatelessAsync("subscriptions/listen",
            """{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["erp://own"]}}""");
        Assert.Equal(200, (int)stream.StatusCode);
        await using var events = SeveralGateway.EventsAsync(stream).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("notifications/subscriptions/acknowledged", events.Current.GetProperty("method").GetString());
        Assert.Equal(
            """{"toolsListChanged":true,"resourceSubscriptions":["erp://own"]}""",
            events.Current.GetProperty("params").GetProperty("notifications").GetRawText());
        Assert.Contains("[]", One(gateway.Crm, "subscriptions/listen"), StringComparison.Ordinal);
        Assert.Contains("erp://own", One(gateway.Erp, "subscriptions/listen"), StringComparison.Ordinal);

        gateway.Crm.SendListChanged();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("notifications/tools/list_changed", events.Current.GetProperty("method").GetString());
        using var nobodys = await gateway.StatelessAsync("subscriptions/listen",
            """{"notifications":{"resourceSubscriptions":["nobody://x"]}}""");
        Assert.Contains(
            "No server of this grant lists nobody://x", await nobodys.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> AskingAsync(string tool, string session) => gateway.PostAsync(
        $$$$"""{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}}}""", session);

    private static async IAsyncEnumerable<SseItem<string>> ItemsAsync(HttpResponseMessage response)
    {
        await foreach (var one in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
            yield return one;
    }

    private static string One(ScriptedServer server, string method) => Assert.Single(server.Received(method)).Text;

    private static string Text(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
}
