namespace Gateway.Server.Tests.Callers;

/// <summary>Policies that read the headers of a trusted proxy.</summary>
public sealed class CallerHeaderTests
{
    private const string Proxies = """, "trustedProxies": ["127.0.0.1"]""";
    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": {
            "find": { "require": [ { "path": "caller.headers.X-Team", "op": "eq", "value": "sales" } ] },
            "own": { "deny_if": [ { "path": "caller.headers.Api-Name", "op": "exists" } ] },
            "each": { "limits": [ { "counter": "each", "window": "month", "max": 1, "by": "caller.headers.x-team" } ] }
          }
        }
        """;

    [NodeTheory]
    [InlineData("/mcp/crm", "")]
    [InlineData("/mcp", "crm__")]
    public async Task A_rule_reads_the_headers_of_a_trusted_proxy_and_of_no_other_client(string path, string prefix)
    {
        await using var bench = await CallerBench.StartAsync(policy: Policy, more: Proxies);
        bench.Crm.Answer = AnswerAsync;
        using var other = AddressedClient.Create(bench.Address, "127.0.0.2");
        var ana = await bench.TokenAsync("ana", "agents");

        foreach (var token in (string[])[TestTokens.Agent, ana])
        {
            Assert.Equal("allowed", await CallAsync(bench.Client, "x-team", "sales"));
            Assert.Equal("denied", await CallAsync(bench.Client, "x-team", "Sales"));
            Assert.Equal("denied", await CallAsync(bench.Client, "x-team"));
            Assert.Equal("denied", await CallAsync(bench.Client, "x-team", "sales", "sales"));
            Assert.Equal("denied", await CallAsync(other, "x-team", "sales"));

            Task<string> CallAsync(HttpClient client, string name, params string[] values) =>
                CallerHeaderTests.CallAsync(client, bench, token, path, $"{prefix}find", name, values);
        }

        Assert.All(bench.Crm.Requests, static request => Assert.DoesNotContain("X-Team", request.Headers.Keys));
        Assert.Equal(2, bench.Crm.Requests.Count(static request => request.Text.Contains("\"find\"")));
    }

    [NodeFact]
    public async Task The_header_with_tokens_cannot_be_read_and_a_limit_counts_by_a_header()
    {
        await using var bench = await CallerBench.StartAsync(
            policy: Policy, more: Proxies, identity: ", \"apiKeyHeader\": \"Api-Name\"");

        Assert.Equal("allowed", await OfAsync("own", "Api-Name", TestTokens.Agent, token: null));
        Assert.Equal("allowed", await OfAsync("each", "X-Team", "sales"));
        Assert.Equal("rate_limited", await OfAsync("each", "X-Team", "sales"));
        Assert.Equal("allowed", await OfAsync("each", "X-Team", "support"));
        Assert.Equal("denied", await OfAsync("each", "X-Other", "support"));

        Task<string> OfAsync(string tool, string name, string value, string? token = TestTokens.Agent) =>
            CallAsync(bench.Client, bench, token, "/mcp/crm", tool, name, value);
    }

    /// <summary>A server with the tool <c>find</c>, for both kinds of revisions.</summary>
    internal static Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        var message = JsonNode.Parse(request.Text)!;
        if (message["id"] is not { } id)
            return RecordingServer.JsonAsync(http, "", 202);
        const string tools = """[{"name":"find","inputSchema":{"type":"object"}}]""";
        var result = (string)message["method"]! switch
        {
            "tools/list" => $$"""{"resultType":"complete","tools":{{tools}},"ttlMs":0,"cacheScope":"private"}""",
            "initialize" => """
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"crm","version":"1"}}
                """,
            _ => """{"resultType":"complete","content":[]}""",
        };
        return RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}} }""");
    }

    /// <summary>Returns the outcome of a call.</summary>
    internal static async Task<string> CallAsync(
        HttpClient client, CallerBench bench, string? token, string path, string tool, string name,
        params string[] values)
    {
        const string meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
            "io.modelcontextprotocol/clientCapabilities":{}}
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bench.Address, path));
        request.Content = new StringContent(
            $$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{},{{meta}} } }
            """,
            Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", tool);
        foreach (var value in values)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var result = JsonNode.Parse(text)?["result"];
        Assert.True(result is not null, text);
        return (string?)result["_meta"]?["policy-gateway/decision"]?["outcome"] ?? "allowed";
    }
}
