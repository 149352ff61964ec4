using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;

namespace Gateway.Fleet.Tests;

/// <summary>Sessions whose requests come to both frontends of one fleet, which all tests of this class share.</summary>
public sealed class SharedSessionTests(SharedSessionTests.Fleet fleet) : IClassFixture<SharedSessionTests.Fleet>
{
    private const string Allow = """{ "version": "1", "default": "allow" }""";
    private const string Narrower = """
        { "version": "1", "default": "allow", "tools": { "find": { "action": "deny" } } }
        """;

    private const string Response = """
        {"jsonrpc":"2.0","id":5,"result":{"content":[{"type":"text","text":"resumed"}]}}
        """;

    private static readonly string[] Lists =
    [
        "notifications/tools/list_changed", "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
    ];

    [ClusterFact]
    public async Task Stream_that_ended_at_one_frontend_is_resumed_at_the_other_with_its_response()
    {
        var (token, session) = await ResumableAsync("quick", callSeconds: 3600);

        using var resumed = await GetAsync(fleet.Second, "/mcp/quick", token, session, "e-1");

        Assert.Equal(
            $"id: e-2\ndata: {Response.Trim()}\n\n", await resumed.Content.ReadAsStringAsync());
        Assert.Equal("s-1", fleet.Bench.Server.Requests.Last().Headers["Mcp-Session-Id"]);
    }

    /// <summary>The first frontend waits for the timeout of the call before it looks for the mark.</summary>
    [Trait("run", "full")]
    [ClusterFact]
    public async Task Stream_that_the_other_frontend_resumed_is_on_record_as_such_and_not_as_no_response()
    {
        var (token, session) = await ResumableAsync("waiting", callSeconds: 20);

        using var resumed = await GetAsync(fleet.Second, "/mcp/waiting", token, session, "e-1");
        Assert.Contains("resumed", await resumed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await Soon.UntilAsync(() => Outcomes("resumed elsewhere") == 1, "the outcome is on record");
        Assert.Equal(0, Outcomes("no_response"));
    }

    [ClusterFact]
    public async Task Sealed_uri_of_a_resource_that_one_frontend_returned_is_read_at_the_other()
    {
        var token = await GrantAsync("sealed", "linked");
        var session = await OpenAsync("/mcp", token);
        using var called = await PostAsync(fleet.First, "/mcp", token, session, """
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"linked__link","arguments":{}}}
            """);
        var link = (string)JsonNode.Parse(await called.Content.ReadAsStringAsync())!
            ["result"]!["content"]![0]!["uri"]!;
        Assert.StartsWith("memo://policy-gateway.invalid/linked/", link, StringComparison.Ordinal);

        using var read = await PostAsync(fleet.Second, "/mcp", token, session, $$$"""
            {"jsonrpc":"2.0","id":3,"method":"resources/read","params":{"uri":"{{{link}}}"}}
            """);

        Assert.Equal(
            $$"""[{"uri":"{{link}}","text":"it has memo://1"}]""",
            JsonNode.Parse(await read.Content.ReadAsStringAsync())!["result"]!["contents"]!.ToJsonString());
    }

    [ClusterFact]
    public async Task Task_that_a_call_at_one_frontend_created_is_reported_and_cancelled_by_the_other()
    {
        var token = await GrantAsync("working", "tasks");
        foreach (var (path, tool) in ((string, string)[])[("/mcp/tasks", "work"), ("/mcp", "tasks__work")])
        {
            var session = await OpenAsync(path, token);
            using var called = await PostAsync(fleet.First, path, token, session, $$$"""
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"task":{},"name":"{{{tool}}}"}}
                """);
            var task = (string)JsonNode.Parse(await called.Content.ReadAsStringAsync())!["result"]!["task"]!["taskId"]!;
            Assert.StartsWith("task-", task, StringComparison.Ordinal);
            foreach (var method in (string[])["get", "cancel"])
            {
                using var read = await PostAsync(fleet.Second, path, token, session, $$$"""
                    {"jsonrpc":"2.0","id":3,"method":"tasks/{{{method}}}","params":{"taskId":"{{{task}}}"}}
                    """);
                Assert.Equal(
                    $$"""{"taskId":"{{task}}","status":"of own-1"}""",
                    JsonNode.Parse(await read.Content.ReadAsStringAsync())!["result"]!.ToJsonString());
            }
        }
    }

    [ClusterFact]
    public async Task Policy_that_is_changed_at_one_frontend_changes_the_lists_of_sessions_at_both()
    {
        var token = await GrantAsync("changed", "changed");
        List<IAsyncEnumerator<SseItem<string>>> streams = [];
        foreach (var path in (string[])["/mcp/changed", "/mcp"])
        {
            foreach (var member in (FleetMember[])[fleet.First, fleet.Second])
                streams.Add(await StreamAsync(member, path, token));
        }

        await fleet.PutAsync("policies/changed", JsonNode.Parse(Narrower)!);

        foreach (var stream in streams)
        {
            foreach (var method in Lists)
            {
                Assert.True(await stream.MoveNextAsync().AsTask().WaitAsync(Soon.AtMost));
                Assert.Equal(method, (string?)JsonNode.Parse(stream.Current.Data)!["method"]);
            }

            await stream.DisposeAsync();
        }
    }

    /// <summary>A call at the first frontend whose stream ended after an event id.</summary>
    private async Task<(string Token, string Session)> ResumableAsync(string server, int callSeconds)
    {
        var token = await GrantAsync(server, server, callSeconds);
        var session = await OpenAsync($"/mcp/{server}", token);
        using var call = await PostAsync(fleet.First, $"/mcp/{server}", token, session, """
            {"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"stream","arguments":{}}}
            """);
        Assert.Equal("id: e-1\nretry: 10\ndata: \n\n", await call.Content.ReadAsStringAsync());
        return (token, session);
    }

    /// <summary>Registers a server with a policy and a grant at the first frontend, and waits for both.</summary>
    private async Task<string> GrantAsync(string name, string server, int? callSeconds = null)
    {
        await fleet.PutAsync($"servers/{server}", new JsonObject
        {
            ["url"] = fleet.Bench.Server.Url,
            ["timeouts"] = callSeconds is { } seconds ? new JsonObject { ["callSeconds"] = seconds } : null,
        });
        await fleet.PutAsync($"policies/{name}", JsonNode.Parse(Allow)!);
        var grant = new JsonObject { ["name"] = name, ["servers"] = new JsonObject { [server] = name } };
        using var granted = await new Operator(fleet.First.Process).SendAsync(HttpMethod.Post, "grants", grant);
        Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        var token = (string)JsonNode.Parse(await granted.Content.ReadAsStringAsync())!["token"]!;
        foreach (var member in (FleetMember[])[fleet.First, fleet.Second])
        {
            await Soon.UntilAsync(async () =>
            {
                using var listed = await PostAsync(member, $"/mcp/{server}", token, null, """
                    {"jsonrpc":"2.0","id":1,"method":"ping"}
                    """);
                return listed.StatusCode == HttpStatusCode.OK;
            }, $"{member.Name} knows the grant");
        }

        return token;
    }

    private async Task<string> OpenAsync(string path, string token)
    {
        using var opened = await PostAsync(fleet.First, path, token, null, """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
              "clientInfo":{"name":"t","version":"1"}}}
            """);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        return opened.Headers.GetValues("Mcp-Session-Id").Single();
    }

    /// <summary>The stream of a new session, which was opened at the first frontend.</summary>
    private async Task<IAsyncEnumerator<SseItem<string>>> StreamAsync(FleetMember member, string path, string token)
    {
        var response = await GetAsync(member, path, token, await OpenAsync(path, token), null);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return EventsAsync(response).GetAsyncEnumerator();
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(HttpResponseMessage response)
    {
        using (response)
        {
            await foreach (var one in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
                yield return one;
        }
    }

    private int Outcomes(string ended) => fleet.First.Audit.Count(record =>
        record.GetProperty("kind").GetString() == "outcome" && record.GetProperty("ended").GetString() == ended);

    private Task<HttpResponseMessage> PostAsync(
        FleetMember member, string path, string token, string? session, string body) => SendAsync(
        member, path, token, session,
        new HttpRequestMessage
        {
            Method = HttpMethod.Post,
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        });

    private async Task<HttpResponseMessage> GetAsync(
        FleetMember member, string path, string token, string session, string? after)
    {
        using var request = new HttpRequestMessage();
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        return await SendAsync(member, path, token, session, request);
    }

    private async Task<HttpResponseMessage> SendAsync(
        FleetMember member, string path, string token, string? session, HttpRequestMessage request)
    {
        using (request)
        {
            request.RequestUri = new Uri(member.Process.Address, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.TryAddWithoutValidation(
                "Accept", request.Content is null ? "text/event-stream" : "application/json, text/event-stream");
            if (session is not null)
                request.Headers.Add("Mcp-Session-Id", session);
            return await fleet.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
    }

    /// <summary>Two frontends of one database and one server; without PostgreSQL there is none.</summary>
    public sealed class Fleet : IAsyncLifetime, IDisposable
    {
        internal FleetBench Bench { get; private set; } = null!;

        internal FleetMember First { get; private set; } = null!;

        internal FleetMember Second { get; private set; } = null!;

        internal HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false });

        public async Task InitializeAsync()
        {
            if (PostgresBinaries.Folder is null)
                return;
            Bench = await FleetBench.StartAsync(Allow);
            Bench.Server.Answer = AnswerAsync;
            First = await Bench.StartAsMemberAsync("first");
            Second = await Bench.StartAsMemberAsync("second");
        }

        public async Task DisposeAsync()
        {
            if (Bench is null)
                return;
            await First.DisposeAsync();
            await Second.DisposeAsync();
            await Bench.DisposeAsync();
        }

        public void Dispose() => Client.Dispose();

        /// <summary>Makes or changes an object at the first frontend.</summary>
        internal async Task PutAsync(string path, JsonNode body)
        {
            using var put = await new Operator(First.Process).SendAsync(HttpMethod.Put, path, body, "*");
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        }

        private static async Task AnswerAsync(HttpContext http, RecordedRequest request)
        {
            if (request.Method == "GET")
            {
                http.Response.ContentType = "text/event-stream";
                if (request.Headers.ContainsKey("Last-Event-ID"))
                {
                    await http.Response.WriteAsync($"id: e-2\ndata: {Response.Trim()}\n\n");
                    return;
                }

                await http.Response.Body.FlushAsync();
                await RecordingServer.UntilGoneAsync(http);
                return;
            }

            var message = request.Method == "POST" ? JsonNode.Parse(request.Text)! : null;
            if (message?["id"] is not { } id)
            {
                http.Response.StatusCode = 202;
                return;
            }

            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            var name = (string?)message["params"]?["name"];
            if (name == "stream")
            {
                http.Response.ContentType = "text/event-stream";
                await http.Response.WriteAsync("id: e-1\nretry: 10\ndata: \n\n");
                return;
            }

            const string Schema = """ "inputSchema":{"type":"object"} """;
            var uri = (string?)message["params"]?["uri"];
            var result = (string?)message["method"] switch
            {
                "initialize" => """
                    {"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{}},
                      "serverInfo":{"name":"t","version":"1"}}
                    """,
                "tools/list" => $$"""
                    {"tools":[{"name":"link",{{Schema}}},{"name":"find",{{Schema}}},{"name":"work",{{Schema}}}]}
                    """,
                "prompts/list" => """{"prompts":[]}""",
                "resources/list" => """{"resources":[]}""",
                "resources/templates/list" => """{"resourceTemplates":[]}""",
                "tools/call" when name == "work" => """{"task":{"taskId":"own-1","status":"working"}}""",
                "tasks/get" or "tasks/cancel" => $$"""{"taskId":"own-1","status":"of {{message["params"]!["taskId"]}}"}""",
                "tools/call" => """{"content":[{"type":"resource_link","uri":"memo://1","name":"one"}]}""",
                "resources/read" => $$"""{"contents":[{"uri":"{{uri}}","text":"it has {{uri}}"}]}""",
                _ => "{}",
            };
            await RecordingServer.JsonAsync(
                http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result.Trim()}}}""");
        }
    }
}
