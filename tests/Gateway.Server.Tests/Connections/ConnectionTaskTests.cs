using Gateway.Server.Tests.Extensions;

namespace Gateway.Server.Tests.Connections;

/// <summary>Approved calls that carry the connection of their caller, made without the caller's token.</summary>
public sealed class ConnectionTaskTests
{
    [NodeFact]
    public async Task Approved_call_carries_the_connection_of_its_caller_while_that_exists()
    {
        await using var bench = await ConnectionBench.StartAsync();
        var ana = await bench.TokenOfAsync("ana");
        using var browser = ConnectionBench.NewBrowser("ana@erp");
        await bench.ConnectAsync(browser, await bench.LinkAsync(ana, "/mcp/erp"), "ana");
        var first = await CreateAsync(bench, ana, "5");
        var second = await CreateAsync(bench, ana, "6");
        var (_, open) = await bench.AdminAsync("GET", "approvals?state=open");

        await bench.AdminAsync("POST", $"approvals/{open!["items"]![0]!["id"]}/approve", new JsonObject());

        Assert.Equal("done", await EndAsync(bench, ana, first));
        var sent = Assert.Single(bench.Erp.Requests);
        Assert.DoesNotContain(ana, sent.Headers["Authorization"], StringComparison.Ordinal);

        var (_, connections) = await bench.AdminAsync("GET", "connections?subject=ana");
        await bench.AdminAsync("DELETE", $"connections/{connections!["items"]![0]!["name"]}");
        await bench.AdminAsync("POST", $"approvals/{open["items"]![1]!["id"]}/approve", new JsonObject());

        var refused = await EndAsync(bench, ana, second);
        Assert.StartsWith("Connection required: ", refused, StringComparison.Ordinal);
        Assert.Contains("sign in and connect", refused, StringComparison.Ordinal);
        Assert.Single(bench.Erp.Requests);
    }

    private static async Task<string> CreateAsync(ConnectionBench bench, string token, string amount) =>
        (string)(await SendAsync(
            bench, token, "tools/call", $$$"""{"name":"approved","arguments":{"amount":{{{amount}}}}}""", "approved"))
            ["result"]!["taskId"]!;

    private static async Task<string> EndAsync(ConnectionBench bench, string token, string task)
    {
        JsonNode state = null!;
        await Soon.UntilAsync(async () =>
        {
            state = (await SendAsync(bench, token, "tasks/get", $$"""{"taskId":"{{task}}"}""", task))["result"]!;
            return (string)state["status"]! != "working";
        }, "the task has ended");
        return (string)state["result"]!["content"]![0]!["text"]!;
    }

    private static Task<JsonNode> SendAsync(
        ConnectionBench bench, string token, string method, string parameters, string name)
    {
        var meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            + $"\"io.modelcontextprotocol/clientCapabilities\":{ApprovalTaskBench.Declared}}}";
        return bench.SendAsync(
            token,
            $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":""" + parameters[..^1] + "," + meta + "}}",
            "/mcp/erp",
            request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", method);
                request.Headers.Add("Mcp-Name", name);
            });
    }
}
