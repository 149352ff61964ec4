namespace Gateway.Server.Tests.Extensions;

/// <summary>Tasks that a response on a resumed event stream creates (2025-11-25).</summary>
public sealed class ResumedTaskTests
{
    private const string Created = """
        {"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"own-1","status":"working","ttl":60000}}}
        """;

    [Fact]
    public async Task Task_of_a_known_call_has_an_id_of_the_gateway_and_any_other_keeps_the_servers()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = static async (http, request) =>
        {
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            if (request.Text.Contains("tasks/get", StringComparison.Ordinal))
            {
                await RecordingServer.JsonAsync(
                    http, """{"jsonrpc":"2.0","id":3,"result":{"taskId":"own-1","status":"completed"}}""");
                return;
            }

            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(request.Method == "POST" ? "id: 1\ndata:\n\n"
                : $"id: 2\ndata: {Created}\n\ndata: {Created.Replace("\"id\":1", "\"id\":9")}\n\n");
        };
        await using var gateway = await TestGateway.StartAsync(server, """{"version":"1","default":"allow"}""");
        using var opened = await gateway.PostAsync("""{"jsonrpc":"2.0","id":0,"method":"ping"}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using var begun = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find","task":{}}}""",
            request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Equal("id: 1\ndata:\n\n", await begun.Content.ReadAsStringAsync());

        using var resumed = await ResumeAsync(gateway, session);
        var ids = (await resumed.Content.ReadAsStringAsync()).Split('\n')
            .Where(static line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(static line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("result")
                .GetProperty("task").GetProperty("taskId").GetString()!).ToArray();

        Assert.Equal(2, ids.Length);
        Assert.StartsWith("task-", ids[0], StringComparison.Ordinal);
        Assert.Equal("own-1", ids[1]);
        using var state = await gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":3,"method":"tasks/get","params":{"taskId":"{{{ids[0]}}}"}}""",
            request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Contains(
            $"\"taskId\":\"{ids[0]}\"", await state.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("own-1", server.Requests.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_of_a_resumed_stream_keeps_the_place_of_its_call_until_it_has_ended()
    {
        await using var server = await RecordingServer.StartAsync();
        var state = "working";
        server.Answer = async (http, request) =>
        {
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            if (request.Text.Contains("tasks/get", StringComparison.Ordinal))
            {
                await RecordingServer.JsonAsync(
                    http, $$$"""{"jsonrpc":"2.0","id":3,"result":{"taskId":"own-1","status":"{{{state}}}"}}""");
                return;
            }

            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(request.Method == "GET"
                ? $"id: 2\ndata: {Created.Replace("60000", "60000,\"pollInterval\":10", StringComparison.Ordinal)}\n\n"
                : "id: 1\ndata:\n\n");
        };
        await using var gateway = await TestGateway.StartAsync(server, """
            {"version":"1","default":"allow","tools":{"find":{"max_in_flight":{"max":1}}}}
            """);
        using var opened = await gateway.PostAsync("""{"jsonrpc":"2.0","id":0,"method":"ping"}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        Assert.False(await IsRefusedAsync(gateway, session, 1));
        using var resumed = await ResumeAsync(gateway, session);
        Assert.Contains("task-", await resumed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await Soon.UntilAsync(
            () => server.Requests.Count(static one => one.Text.Contains("tasks/get", StringComparison.Ordinal)) >= 2,
            "the gateway requests the state");
        Assert.True(await IsRefusedAsync(gateway, session, 2));
        state = "completed";
        await Soon.UntilAsync(
            async () => !await IsRefusedAsync(gateway, session, 3), "the place is free");
    }

    [Fact]
    public async Task Task_of_a_stream_that_is_resumed_at_another_frontend_has_an_id_of_the_gateway()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = static async (http, request) =>
        {
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(request.Method == "POST" ? "id: 1\ndata:\n\n" : $"data: {Created}\n\n");
        };
        const string Policy = """{"version":"1","default":"allow"}""";
        var first = await TestGateway.StartAsync(server.Url, Policy);
        using var opened = await first.PostAsync("""{"jsonrpc":"2.0","id":0,"method":"ping"}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        await IsRefusedAsync(first, session, 1);
        await first.DisposeHostAsync();
        await using var second = await TestGateway.StartAsync(server.Url, Policy, after: first);

        using var resumed = await ResumeAsync(second, session);

        Assert.Contains("\"taskId\":\"task-", await resumed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<bool> IsRefusedAsync(TestGateway gateway, string session, int id)
    {
        using var response = await gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"find","task":{} } }""",
            request => request.Headers.Add("Mcp-Session-Id", session));
        return (await response.Content.ReadAsStringAsync()).Contains("in flight", StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ResumeAsync(TestGateway gateway, string session)
    {
        var get = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/mcp/srv"));
        get.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        get.Headers.Add("Accept", "text/event-stream");
        get.Headers.Add("Last-Event-ID", "1");
        get.Headers.Add("Mcp-Session-Id", session);
        return gateway.Client.SendAsync(get);
    }
}
