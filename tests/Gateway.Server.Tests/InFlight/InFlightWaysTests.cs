namespace Gateway.Server.Tests.InFlight;

/// <summary>Calls that wait, ask, are cancelled or go on elsewhere: when they hold a place, and when not.</summary>
public sealed class InFlightWaysTests : InFlightTest
{
    private const string AdminKey = "operator-key-0123456789";
    private const string State = ""","requestState":"state-1","inputResponses":{}""";
    private const string Admin = $$""", "admin": { "key": "{{AdminKey}}" }""";

    [Fact]
    public async Task A_call_that_waits_for_a_person_holds_no_place_and_keeps_its_approval_where_there_is_none()
    {
        await using var gateway = await StartWithAsync("""
            { "version": "1", "default": "deny", "all_tools": { "max_in_flight": { "max": 1 } },
              "tools": { "slow": {}, "paid": {
                "action": "approve", "approval": { "expires": "15m", "wait": "60s" } } } }
            """, Admin);
        var held = CallAsync(gateway, tool: "paid");
        var id = await AskedAsync(gateway);
        var slow = CallAsync(gateway);
        var open = await Server.CallAsync(0);

        await SendAsync(gateway, "POST", $"approvals/{id}/approve", """{ "by": "Ada" }""");

        AssertRefused(await held.WaitAsync(Soon.AtMost), max: 1, rule: "/all_tools/max_in_flight");
        open.Answer();
        Assert.Contains("done", await slow, StringComparison.Ordinal);
        var again = CallAsync(gateway, tool: "paid");
        (await Server.CallAsync(1)).Answer();
        Assert.Contains("done", await again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_server_asks_frees_its_place_and_its_free_retry_takes_one()
    {
        await using var gateway = await StartWithAsync("""
            { "version": "1", "default": "deny", "tools": { "slow": {
              "max_in_flight": { "max": 1 }, "limits": [ { "counter": "calls", "window": "month", "max": 3 } ] } } }
            """);
        Server.Reply = static (http, id) => RecordingServer.JsonAsync(http, $$$"""
            {"jsonrpc":"2.0","id":{{{id}}},"result":{"resultType":"input_required","inputRequests":{},"requestState":"state-1"}}
            """);
        var first = CallAsync(gateway, Stateless);
        (await Server.CallAsync(0)).Answer();
        Assert.Contains("input_required", await first, StringComparison.Ordinal);
        Server.Reply = static (http, id) => RecordingServer.JsonAsync(http, SlowServer.Result(id));
        var other = CallAsync(gateway, Stateless);
        var open = await Server.CallAsync(1);
        AssertRefused(await CallAsync(gateway, Stateless, more: State), max: 1);
        open.Answer();
        await other;

        var retry = CallAsync(gateway, Stateless, more: State);
        open = await Server.CallAsync(2);
        AssertRefused(await CallAsync(gateway, Stateless, more: State), max: 1);

        open.Answer();
        Assert.Contains("done", await retry, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_holds_its_place_after_it_has_begun()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        Server.Reply = static (http, id) => RecordingServer.JsonAsync(http, $$$$"""
            {"jsonrpc":"2.0","id":{{{{id}}}},"result":{"task":{"taskId":"t-1","status":"working","ttl":60000}}}
            """);
        var begun = CallAsync(gateway, "2025-11-25", more: ""","task":{"ttl":60000}""");
        (await Server.CallAsync(0)).Answer();
        Assert.Contains("working", await begun, StringComparison.Ordinal);
        AssertRefused(await CallAsync(gateway, "2025-11-25"), max: 1);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(Stateless)]
    public async Task A_cancelled_call_holds_its_place_until_the_server_is_done_with_it(string revision)
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        var cancelled = CallAsync(gateway, revision);
        var open = await Server.CallAsync(0);
        using (var notified = await gateway.PostAsync(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""",
            static request => request.Headers.Add("MCP-Protocol-Version", "2025-11-25")))
            Assert.Equal(202, (int)notified.StatusCode);
        AssertRefused(await CallAsync(gateway, revision), max: 1);
        Assert.False(open.Ended.IsCompleted);

        open.Answer();

        await cancelled;
        await AdmittedAsync(gateway);
    }

    [Fact]
    public async Task The_end_of_a_session_frees_nothing_before_its_call_is_answered()
    {
        await using var gateway = await StartAsync("""{ "max": 1 }""");
        Server.Reply = static (http, id) =>
        {
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            return RecordingServer.JsonAsync(http, SlowServer.Result(id));
        };
        var opening = gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        (await Server.CallAsync(0)).Answer();
        using var opened = await opening;
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        var call = CallAsync(gateway, "2025-11-25", session: session);
        var open = await Server.CallAsync(1);
        using var end = new HttpRequestMessage(HttpMethod.Delete, gateway.Endpoint);
        end.Headers.Add("Mcp-Session-Id", session);
        using (var ended = await gateway.Client.SendAsync(end))
            Assert.Equal(200, (int)ended.StatusCode);
        AssertRefused(await CallAsync(gateway), max: 1);

        open.Answer();

        await call;
        await AdmittedAsync(gateway);
    }

    [Fact]
    public async Task The_admin_API_shows_how_many_places_are_taken_and_resets_none()
    {
        await using var gateway = await StartWithAsync("""
            { "version": "1", "default": "deny", "all_tools": { "max_in_flight": { "max": 9, "scope": "server" } },
              "tools": { "slow": { "max_in_flight": { "max": 3 } } } }
            """, Admin);
        var call = CallAsync(gateway);
        var open = await Server.CallAsync(0);
        var counters = await CountersAsync();
        Assert.Equal(
            [("1", "3", "2", "/tools/slow/max_in_flight"), ("1", "9", "8", "/all_tools/max_in_flight")],
            counters.Select(static counter => (
                (string)counter["used"]!, (string)counter["max"]!, (string)counter["remaining"]!,
                (string)counter["rule"]!)));
        Assert.All(counters, static counter => Assert.Equal("(in flight)", (string?)counter["counter"]));
        Assert.All(counters, static counter => Assert.Null(counter["resetAt"]));

        var reset = await SendAsync(
            gateway, "POST", "counters/reset", $$"""{ "key": "{{(string)counters[0]["key"]!}}" }""", 422);
        Assert.Contains("becomes free when its call ends", (string)reset["detail"]!, StringComparison.Ordinal);
        open.Answer();
        await call;
        await Soon.UntilAsync(
            async () => (await CountersAsync()).TrueForAll(static counter => (string?)counter["used"] == "0"),
            "the places are free");

        async Task<List<JsonNode>> CountersAsync() =>
            [.. (await SendAsync(gateway, "GET", "counters?grant=agent"))["items"]!.AsArray().OfType<JsonNode>()];
    }

    private static async Task<string> AskedAsync(TestGateway gateway)
    {
        JsonArray asked = [];
        await Soon.UntilAsync(
            async () =>
            {
                asked = (await SendAsync(gateway, "GET", "approvals?state=open"))["items"]!.AsArray();
                return asked.Count == 1;
            },
            "a person is asked");
        return (string)asked[0]!["id"]!;
    }

    private static async Task<JsonNode> SendAsync(
        TestGateway gateway, string method, string path, string? body = null, int status = 200)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await gateway.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
