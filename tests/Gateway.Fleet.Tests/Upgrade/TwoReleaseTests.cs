using Microsoft.AspNetCore.Http;

namespace Gateway.Fleet.Tests.Upgrade;

/// <summary>
/// Gateways of the release before this one and of this one share a store, in which <c>tools_as</c> and
/// <c>virtual_tools</c> have their former spelling. <c>GATEWAY_BEFORE</c> names the program of that release; otherwise
/// it is built.
/// </summary>
public sealed class TwoReleaseTests() : FleetTest("""
    { "version": "1", "default": "allow",
      "tools": { "counted": { "limits": [ { "counter": "all", "window": "month", "max": 3 } ] } } }
    """)
{
    private const string ReleaseBefore = "a3a4284d";

    [Trait("run", "full")]
    [ClusterFact]
    public async Task A_fleet_of_two_releases_reads_the_grants_of_both_and_a_rollback_reads_them_too()
    {
        var program = Environment.GetEnvironmentVariable("GATEWAY_BEFORE")
            ?? await PreviousBuild.ProgramAsync(ReleaseBefore, "Gateway.Server", "gateway.dll");
        Bench.Server.Answer = AnswerAsync;
        await using var before = await Bench.StartProgramAsync(program);
        string ofNow, ofBefore;
        await using (var now = await Bench.StartGatewayAsync())
        {
            ofNow = await MakeAsync(now, "of-now", "toolsAs", "virtualTools");
            ofBefore = await MakeAsync(before, "of-before", "tools_as", "virtual_tools");
            foreach (var token in (string[])[ofNow, ofBefore])
            {
                Assert.Equal(Meta, await ToolsAsync(before, token));
                Assert.Equal(Meta, await ToolsAsync(now, token));
            }

            // A change in the spelling of either release is read by the other.
            await PatchAsync(now, "of-before", new JsonObject { ["toolsAs"] = "list" });
            await Soon.UntilAsync(
                async () => (await ToolsAsync(before, ofBefore)).SequenceEqual(Listed),
                "the former release lists the tools");
            Assert.True(await CallAsync(now, ofNow));
            Assert.True(await CallAsync(before, ofNow));
            Assert.True(await CallAsync(now, ofNow));
        }

        Assert.False(await CallAsync(before, ofNow));
        await using var again = await Bench.StartProgramAsync(program);
        Assert.Equal(Meta, await ToolsAsync(again, ofNow));
        Assert.Equal(Listed, await ToolsAsync(again, ofBefore));
        Assert.False(await CallAsync(again, ofNow));
        Assert.Equal(3, Bench.Server.Requests.Count(
            static one => one.Text.Contains("tools/call", StringComparison.Ordinal)));
    }

    private static string[] Listed => ["srv__quick"];

    private static string[] Meta => ["call_tool", "describe_tool", "find_tools"];

    private static async Task<string> MakeAsync(
        GatewayProcess gateway, string name, string toolsAs, string virtualTools)
    {
        using var made = await new Operator(gateway).SendAsync(HttpMethod.Post, "grants", new JsonObject
        {
            ["name"] = name,
            ["servers"] = new JsonObject { ["srv"] = "policy" },
            [toolsAs] = "search",
            [virtualTools] = JsonNode.Parse(
                """{ "srv": { "quick": { "tool": "counted", "description": "Counts." } } }"""),
        });
        var text = await made.Content.ReadAsStringAsync();
        Assert.True(made.StatusCode == HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!["token"]!.GetValue<string>();
    }

    private static async Task PatchAsync(GatewayProcess gateway, string grant, JsonObject patch)
    {
        var by = new Operator(gateway);
        using var shown = await by.SendAsync(HttpMethod.Get, $"grants/{grant}");
        using var done = await by.SendAsync(
            HttpMethod.Patch, $"grants/{grant}", patch, ifMatch: shown.Headers.ETag!.ToString());
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
    }

    /// <summary>Returns the sorted names of a grant's tools at <c>/mcp</c>, once the gateway knows the grant.</summary>
    private static async Task<IReadOnlyList<string>> ToolsAsync(GatewayProcess gateway, string token)
    {
        JsonNode? tools = null;
        await Soon.UntilAsync(
            async () => (tools = (await AskAsync(gateway, token, "tools/list", "{}"))?["result"]?["tools"]) is not null,
            "the gateway knows the grant");
        return [.. tools!.AsArray().Select(static one => (string)one!["name"]!).Order(StringComparer.Ordinal)];
    }

    private static async Task<bool> CallAsync(GatewayProcess gateway, string token)
    {
        var result = await AskAsync(gateway, token, "tools/call",
            """{ "name": "call_tool", "arguments": { "name": "srv__quick", "arguments": {} } }""");
        return (string?)result!["result"]?["content"]?[0]?["text"] == "done";
    }

    private static async Task<JsonNode?> AskAsync(
        GatewayProcess gateway, string token, string method, string parameters)
    {
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var response = await client.PostAsync(new Uri(gateway.Address, "/mcp"), new StringContent(
            $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""",
            new MediaTypeHeaderValue("application/json")));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text) : null;
    }

    private static Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        var message = request.Method == "POST" ? JsonNode.Parse(request.Text)! : null;
        if (message?["id"] is not { } id)
        {
            http.Response.StatusCode = message is null ? 405 : 202;
            return Task.CompletedTask;
        }

        var result = (string?)message["method"] switch
        {
            "initialize" => """
                {"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}
                """,
            "tools/list" => """{"tools":[{"name":"counted","inputSchema":{"type":"object"}}]}""",
            _ => """{"content":[{"type":"text","text":"done"}]}""",
        };
        return RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""");
    }
}
