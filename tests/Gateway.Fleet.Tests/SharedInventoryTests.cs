using Microsoft.AspNetCore.Http;

namespace Gateway.Fleet.Tests;

/// <summary>What one gateway of a fleet is told of a server, and what is accepted at another, holds at all.</summary>
[Trait("run", "full")]
public class SharedInventoryTests() : FleetTest("""{ "version": "1", "default": "allow", "pin": "deny" }""")
{
    [ClusterFact]
    public async Task Agrees_on_what_was_listed_at_one_and_accepted_at_another()
    {
        var description = "Pays.";
        Bench.Server.Answer = (http, request) => AnswerAsync(http, request, description);
        await using var first = await Bench.StartGatewayAsync();
        await using var second = await Bench.StartGatewayAsync();
        Assert.Equal("(not accepted)", await CallAsync(second));

        await AskAsync(first, HttpMethod.Get, "");
        await Soon.UntilAsync(async () => await CallAsync(second) is null, "the second has the baseline");

        description = "Pays twice.";
        await AskAsync(first, HttpMethod.Get, "?refresh=1");
        Assert.Equal("(not accepted)", await CallAsync(first));
        await Soon.UntilAsync(async () => await CallAsync(second) is not null, "the second sees the drift");

        await AskAsync(second, HttpMethod.Post, "/accept");
        Assert.Null(await CallAsync(second));
        await Soon.UntilAsync(async () => await CallAsync(first) is null, "the first sees that it is accepted");

        await first.KillAsync();
        await using var third = await Bench.StartGatewayAsync();
        Assert.Null(await CallAsync(third));
    }

    private static async Task AskAsync(GatewayProcess gateway, HttpMethod method, string more)
    {
        using var client = gateway.Client(FleetBench.AdminKey);
        using var request = new HttpRequestMessage(method, new Uri(gateway.Address, $"/api/v1/catalogue/srv{more}"));
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The rule that a call was refused by; null where it went through.</summary>
    private static async Task<string?> CallAsync(GatewayProcess gateway)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/mcp/srv"))
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var response = await client.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (string?)answer["result"]!["_meta"]?["policy-gateway/decision"]?["rule"];
    }

    private static Task AnswerAsync(HttpContext http, RecordedRequest request, string description)
    {
        using var message = JsonDocument.Parse(request.Body.Length == 0 ? "{}"u8.ToArray() : request.Body);
        var method = message.RootElement.TryGetProperty("method", out var named) ? named.GetString() : null;
        if (!message.RootElement.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        }

        var result = method switch
        {
            "initialize" => """
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{} },"serverInfo":{"name":"shop","version":"1"} }
                """,
            "tools/list" => $$"""
                {"tools":[{"name":"pay","description":"{{description}}","inputSchema":{"type":"object"} }]}
                """,
            "tools/call" => """{"content":[]}""",
            _ => null,
        };
        return RecordingServer.JsonAsync(http, result is null
            ? $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32601,"message":"Method not found"} }"""
            : $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{{{result}}} }""");
    }
}
