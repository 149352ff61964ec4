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

        using var get = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/mcp/srv"));
        get.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        get.Headers.Add("Accept", "text/event-stream");
        get.Headers.Add("Last-Event-ID", "1");
        get.Headers.Add("Mcp-Session-Id", session);
        using var resumed = await gateway.Client.SendAsync(get);
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
}
