using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Callers;

/// <summary>Policies that read the caller, with access tokens of a company's identity provider.</summary>
public sealed class CallerPolicyTests
{
    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": {
            "find": { "limits": [ { "counter": "person", "window": "month", "max": 2, "scope": "subject" } ] },
            "close": { "show_if": [ { "path": "caller.claims.groups", "op": "has", "value": "finance" } ] },
            "each": { "limits": [
              { "counter": "each", "window": "month", "max": 1, "scope": "subject", "without": "grant" } ] }
          }
        }
        """;

    [NodeFact]
    public async Task A_limit_counts_each_person_over_all_grants()
    {
        await using var bench = await CallerBench.StartAsync(policy: Policy);
        // The same person reaches the server by one grant or the other.
        var (agent, accountant) = (await bench.TokenAsync("ana", "agents"), await bench.TokenAsync("ana", "finance"));
        var bob = await bench.TokenAsync("bob", "agents");

        Assert.Equal("allowed", await CallAsync(bench, agent, "find"));
        Assert.Equal("allowed", await CallAsync(bench, accountant, "find"));
        Assert.Equal("rate_limited", await CallAsync(bench, agent, "find"));
        Assert.Equal("rate_limited", await CallAsync(bench, accountant, "find"));
        Assert.Equal("allowed", await CallAsync(bench, bob, "find"));
        Assert.Equal("allowed", await CallAsync(bench, bob, "find"));
        Assert.Equal("rate_limited", await CallAsync(bench, bob, "find"));
        Assert.Equal("denied", await CallAsync(bench, TestTokens.Agent, "find"));
        Assert.Equal("allowed", await CallAsync(bench, TestTokens.Agent, "each"));
        Assert.Equal("rate_limited", await CallAsync(bench, TestTokens.Agent, "each"));
        Assert.Equal("allowed", await CallAsync(bench, agent, "each"));

        var counters = await CountersAsync(bench);
        Assert.Equal(("person", "2", "2", "10000"), Shown(counters["person"]));
        Assert.Equal(("person or grant", "1", "2", "10000"), Shown(counters["each"]));

        // The counter of one person, as records contain it: its reset alone would have no effect.
        var record = bench.Records().Last(static one => one.TryGetProperty("counters", out _));
        var key = record.GetProperty("counters")[0].GetProperty("key").GetString()!;
        Assert.Contains("~by~", key, StringComparison.Ordinal);
        Assert.Equal(422, await ResetAsync(bench, key));
        Assert.Equal("rate_limited", await CallAsync(bench, bob, "find"));
        Assert.Equal(200, await ResetAsync(bench, (string)counters["person"]["key"]!));
        Assert.Equal("allowed", await CallAsync(bench, bob, "find"));

        static (string?, string?, string?, string?) Shown(JsonNode one) => (
            (string?)one["each"], (string?)one["eachMax"], (string?)one["used"], (string?)one["max"]);
    }

    [NodeFact]
    public async Task A_list_and_a_call_hide_a_tool_from_other_callers()
    {
        await using var bench = await CallerBench.StartAsync(policy: Policy);
        bench.Crm.Answer = AnswerAsync;
        var (agent, accountant) = (await bench.TokenAsync("ana", "agents"), await bench.TokenAsync("ben", "finance"));

        foreach (var path in new[] { "/mcp/crm", "/mcp" })
        {
            Assert.DoesNotContain("close", await ListAsync(bench, agent, path), StringComparison.Ordinal);
            Assert.DoesNotContain("close", await ListAsync(bench, TestTokens.Agent, path), StringComparison.Ordinal);
            Assert.Contains("close", await ListAsync(bench, accountant, path), StringComparison.Ordinal);
            Assert.Contains("find", await ListAsync(bench, agent, path), StringComparison.Ordinal);
        }

        Assert.Equal("denied", await CallAsync(bench, agent, "close"));
        Assert.Equal("allowed", await CallAsync(bench, accountant, "close"));
    }

    [NodeFact]
    public async Task A_search_hides_a_tool_from_other_callers()
    {
        await using var server = await ScriptedServer.StartAsync("shop");
        server.Pages = [["find", "close"]];
        await using var bench = await CallerBench.StartAsync(
            policy: Policy,
            servers: $$"""
                "shop": { "url": "{{server.Url}}" },
                """,
            grants: """
                "searching": { "servers": { "shop": "policy" }, "order": 1, "tools_as": "search",
                  "match": { "issuer": "corp", "claims": [{ "path": "searches", "op": "eq", "value": "yes" }] } },
                """);
        var (ana, ben) = (await TokenAsync("ana", "agents"), await TokenAsync("ben", "finance"));

        foreach (var path in new[] { "/mcp/shop", "/mcp" })
        {
            // The one that sees the tool is first, so that a shared result would show it to the other one.
            Assert.Contains("close", await FindAsync(ben), StringComparison.Ordinal);
            var found = await FindAsync(ana);
            Assert.Contains("find", found, StringComparison.Ordinal);
            Assert.DoesNotContain("close", found, StringComparison.Ordinal);

            async Task<string> FindAsync(string token)
            {
                using var response = await bench.SendAsync(token, path, """
                    {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"find_tools","arguments":{"limit":20}}}
                    """);
                var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
                return (string?)reply["result"]?["content"]?[0]?["text"] ?? reply.ToJsonString();
            }
        }

        Task<string> TokenAsync(string subject, string group) => bench.SignAsync(new JsonObject
        {
            ["sub"] = subject,
            ["groups"] = new JsonArray(group),
            ["searches"] = "yes",
        });
    }

    private static Task<int> ResetAsync(CallerBench bench, string key) => bench.StatusAsync(
        CallerBench.AdminKey, "/api/v1/counters/reset", new JsonObject { ["key"] = key }.ToJsonString());

    private static async Task<Dictionary<string, JsonNode>> CountersAsync(CallerBench bench)
    {
        using var response = await bench.SendAsync(
            CallerBench.AdminKey, "/api/v1/counters?grant=agent", method: HttpMethod.Get);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["items"]!.AsArray()
            .ToDictionary(static one => (string)one!["counter"]!, static one => one!);
    }

    private static Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        var message = JsonNode.Parse(request.Text)!;
        if (message["id"] is not { } id)
            return RecordingServer.JsonAsync(http, "", 202);
        var result = (string)message["method"]! switch
        {
            "initialize" => """
                {"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}
                """,
            "tools/list" => $"{{\"tools\":[{Tool("find")},{Tool("close")}]}}",
            _ => """{"content":[{"type":"text","text":"done"}]}""",
        };
        return RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""");
    }

    private static string Tool(string name) => $$"""{"name":"{{name}}","inputSchema":{"type":"object"} }""";

    private static async Task<string> ListAsync(CallerBench bench, string token, string path)
    {
        using var response = await bench.SendAsync(
            token, path, """{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Returns the outcome of a call.</summary>
    private static async Task<string> CallAsync(CallerBench bench, string token, string tool)
    {
        var call = $$"""{"name":"{{tool}}","arguments":{} }""";
        using var response = await bench.SendAsync(
            token, body: $$"""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{{call}}}""");
        var reply = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (string?)reply["result"]!["_meta"]?["policy-gateway/decision"]?["outcome"] ?? "allowed";
    }
}
