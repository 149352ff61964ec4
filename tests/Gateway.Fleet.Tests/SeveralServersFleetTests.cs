using Microsoft.AspNetCore.Http;

namespace Gateway.Fleet.Tests;

/// <summary>
/// Several servers as one at <c>/mcp</c>, served by gateways that share a store, which is lost and comes back.
/// </summary>
public sealed class SeveralServersFleetTests() : FleetTest("""
    { "version": "1", "default": "allow",
      "tools": { "counted": { "limits": [ { "counter": "all", "window": "month", "max": 3 } ] } } }
    """)
{
    private const string Decision = "policy-gateway/decision";

    [ClusterFact]
    public async Task A_session_at_all_servers_goes_on_at_another_gateway_with_the_same_counts()
    {
        Bench.Server.Answer = AnswerAsync;
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        var token = await GrantAsync(first);
        var session = await OpenAsync(first, token);
        Assert.True((await UntilServedAsync(first, token, session, "srv__counted")).IsDone);
        Assert.True((await UntilServedAsync(second, token, session, "srv__counted")).IsDone);
        Assert.Equal("s-1", Bench.Server.Requests.Last().Headers["Mcp-Session-Id"]);

        first.Terminate();
        await first.WaitForExitAsync();
        Assert.True((await UntilServedAsync(second, token, session, "srv__counted")).IsDone);
        var refused = await CallAsync(second, token, session, "srv__counted");
        Assert.Equal("rate_limited", (string?)refused.Meta![Decision]!["outcome"]);
        // The other server's counter is its own.
        Assert.True((await UntilServedAsync(second, token, session, "other__counted")).IsDone);
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task Without_the_store_a_call_is_refused_as_at_the_server_s_own_address_and_served_again_after_it()
    {
        Bench.Server.Answer = AnswerAsync;
        await using var gateway = await Bench.StartGatewayAsync();
        var token = await GrantAsync(gateway);
        var session = await OpenAsync(gateway, token);
        Assert.True((await UntilServedAsync(gateway, token, session, "srv__counted")).IsDone);

        await Bench.Database.StopAsync("immediate");
        await Soon.UntilAsync(
            async () => (string?)(await CallAsync(gateway, token, session, "srv__counted")).Meta?[Decision]?["outcome"]
                == "unavailable",
            "the loss is told");
        var reached = Bench.Server.Requests.Count(static request =>
            request.Text.Contains("\"tools/call\"", StringComparison.Ordinal));
        Assert.False((await CallAsync(gateway, token, session, "srv__counted")).IsDone);
        Assert.Equal(reached, Bench.Server.Requests.Count(static request =>
            request.Text.Contains("\"tools/call\"", StringComparison.Ordinal)));

        await Bench.Database.StartAsync();
        Assert.True((await UntilServedAsync(gateway, token, session, "srv__counted")).IsDone);
    }

    /// <summary>A server with one tool, whose session is always <c>s-1</c>.</summary>
    private static Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (request.Method != "POST")
        {
            http.Response.StatusCode = 405;
            return Task.CompletedTask;
        }

        var message = JsonNode.Parse(request.Text)!;
        if (message["id"] is not { } id)
        {
            http.Response.StatusCode = 202;
            return Task.CompletedTask;
        }

        http.Response.Headers["Mcp-Session-Id"] = "s-1";
        var result = (string?)message["method"] switch
        {
            "initialize" => """
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}
                """,
            "tools/list" => """{"tools":[{"name":"counted","inputSchema":{"type":"object"}}]}""",
            _ => """{"content":[{"type":"text","text":"done"}]}""",
        };
        return RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""");
    }

    /// <summary>A grant of two servers, which are the same one; its token.</summary>
    private async Task<string> GrantAsync(GatewayProcess gateway)
    {
        var by = new Operator(gateway);
        using var made = await by.SendAsync(
            HttpMethod.Put, "servers/other", new JsonObject { ["url"] = Bench.Server.Url }, "*");
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        using var granted = await by.SendAsync(HttpMethod.Post, "grants", new JsonObject
        {
            ["name"] = "all",
            ["servers"] = new JsonObject { ["srv"] = "policy", ["other"] = "policy" },
        });
        Assert.Equal(HttpStatusCode.Created, granted.StatusCode);
        return (string)JsonNode.Parse(await granted.Content.ReadAsStringAsync())!["token"]!;
    }

    private static async Task<string> OpenAsync(GatewayProcess gateway, string token)
    {
        using var opened = await PostAsync(gateway, token, null, """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},
              "clientInfo":{"name":"t","version":"1"}}}
            """);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        return opened.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<(bool IsDone, JsonNode? Meta)> CallAsync(
        GatewayProcess gateway, string token, string session, string tool)
    {
        using var answer = await PostAsync(gateway, token, session,
            $$$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}}}""");
        var text = await answer.Content.ReadAsStringAsync();
        var result = text.StartsWith('{') ? JsonNode.Parse(text)!["result"] : null;
        return ((string?)result?["content"]?[0]?["text"] == "done", result?["_meta"]);
    }

    /// <summary>
    /// A change is heard of a little later elsewhere, a database that is back is found a little later, and one on a
    /// busy machine is at times too slow to count a call, which is refused then and not counted.
    /// </summary>
    private static async Task<(bool IsDone, JsonNode? Meta)> UntilServedAsync(
        GatewayProcess gateway, string token, string session, string tool)
    {
        var last = (IsDone: false, Meta: (JsonNode?)null);
        await Soon.UntilAsync(
            async () => (last = await CallAsync(gateway, token, session, tool)).IsDone, "the call is served");
        return last;
    }

    private static async Task<HttpResponseMessage> PostAsync(
        GatewayProcess gateway, string token, string? session, string body)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/mcp"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        return await client.SendAsync(request);
    }
}
