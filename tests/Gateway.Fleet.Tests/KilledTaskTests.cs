using Gateway.Server.Tests.Callers;

namespace Gateway.Fleet.Tests;

/// <summary>
/// Calls that wait for approval as tasks, and whose gateway is killed after it has claimed or sent the call, or while
/// the server requests input. Another gateway is started after that, so these tests also run with a single one.
/// </summary>
public abstract class KilledTaskTests() : FleetTest("""
    { "version": "1", "default": "deny", "tools": {
      "refund": { "action": "approve", "approval": { "expires": "15m", "wait": "0s" },
        "limits": [ { "counter": "refunds", "window": "month", "max": 1 } ] },
      "export": { "limits": [ { "counter": "exports", "window": "month", "max": 1 } ] }, "import": {},
      "mail": { "limits": [ { "counter": "mails", "window": "6s", "max": 2, "wait": "5m" } ] },
      "fax": { "max_in_flight": { "max": 1, "wait": "5m" } } } }
    """)
{
    private const string Login = "https://login.example.com";

    [ClusterFact]
    public async Task A_call_that_was_sent_by_a_killed_gateway_is_never_sent_again_and_counts()
    {
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Bench.Server.Answer = (http, _) => hang.Task.WaitAsync(http.RequestAborted);
        var sender = await Bench.StartGatewayAsync();
        var task = await CreateAsync(sender);
        await new Operator(sender).ApproveAsync(await new Operator(sender).OpenRequestAsync());
        await Soon.UntilAsync(() => Bench.Server.Requests.Count == 1, "the call was sent");

        await sender.KillAsync();
        await sender.DisposeAsync();
        await using var other = await Bench.StartGatewayAsync();

        Assert.Equal("working", (await StateAsync(other, task)).GetProperty("status").GetString());
        Assert.Contains("may have been executed, and it counts", await EndAsync(other, task), StringComparison.Ordinal);
        Assert.Single(Bench.Server.Requests);
        // The only call of the window is counted, so no other is approved.
        var refused = await SendAsync(other, "tools/call", """{"name":"refund","arguments":{"amount":6}}""", "refund");
        Assert.True(refused.GetProperty("isError").GetBoolean());
        hang.SetResult();
    }

    [ClusterFact]
    public Task Requested_input_outlives_the_gateway_that_made_the_call() => RequestInputAsync(isSent: false);

    [ClusterFact]
    public Task A_round_that_was_sent_by_a_killed_gateway_is_never_sent_again() => RequestInputAsync(isSent: true);

    [ClusterFact]
    public async Task A_call_that_a_killed_gateway_had_claimed_is_made_once_by_another()
    {
        using var provider = new ProofMaker();
        await using var keys = await RecordingServer.StartAsync();
        var jwks = new JsonObject { ["keys"] = new JsonArray(provider.Jwk) }.ToJsonString();
        keys.Answer = (http, _) => RecordingServer.JsonAsync(http, jwks);
        await ConfigureAsync(keys.Url);
        var token = provider.Prove(
            Login, claims: new JsonObject
            {
                ["iss"] = Login,
                ["sub"] = "ana",
                ["aud"] = "gateway",
                ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600,
            },
            header: new JsonObject { ["typ"] = "at+jwt", ["jwk"] = null });
        var created = await Bench.StartGatewayAsync();
        var task = await CreateAsync(created, token);
        var id = await new Operator(created).OpenRequestAsync();
        await created.KillAsync();
        await created.DisposeAsync();
        // The next gateway claims the call, and then waits for the keys of the caller's issuer.
        var asked = keys.Requests.Count;
        keys.Answer = static (http, _) => RecordingServer.UntilGoneAsync(http);
        var claims = await Bench.StartGatewayAsync();
        await new Operator(claims).ApproveAsync(id);
        await Soon.UntilAsync(() => keys.Requests.Count > asked, "the call is claimed");
        Assert.Empty(Bench.Server.Requests);

        await claims.KillAsync();
        await claims.DisposeAsync();
        keys.Answer = (http, _) => RecordingServer.JsonAsync(http, jwks);
        await using var next = await Bench.StartGatewayAsync();

        Assert.Equal("done", await EndAsync(next, task, token));
        Assert.Single(Bench.Server.Requests);
        // Another person of the same grant does not know the task, and gives it nothing.
        var other = provider.Prove(
            Login, claims: new JsonObject
            {
                ["iss"] = Login,
                ["sub"] = "ben",
                ["aud"] = "gateway",
                ["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600,
            },
            header: new JsonObject { ["typ"] = "at+jwt", ["jwk"] = null });
        foreach (var method in (string[])["tasks/get", "tasks/update"])
        {
            var unknown = await MessageAsync(
                next, method, $$$"""{"taskId":"{{{task}}}","inputResponses":{"1.who":{} } }""", task, other);
            Assert.Equal(-32602, unknown.GetProperty("error").GetProperty("code").GetInt32());
        }
    }

    private async Task RequestInputAsync(bool isSent)
    {
        var hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = Bench.Server.Answer;
        Bench.Server.Answer = async (http, request) =>
        {
            if (!request.Text.Contains("inputResponses", StringComparison.Ordinal))
            {
                await RecordingServer.JsonAsync(http, """
                    {"jsonrpc":"2.0","id":"task","result":{"resultType":"input_required","requestState":"s",
                      "inputRequests":{"who":{"method":"roots/list"},"what":{"method":"roots/list"}}}}
                    """);
                return;
            }

            if (isSent)
                await hang.Task.WaitAsync(http.RequestAborted);
            await answer(http, request);
        };
        var first = await Bench.StartGatewayAsync();
        var task = await CreateAsync(first);
        await new Operator(first).ApproveAsync(await new Operator(first).OpenRequestAsync());
        await Soon.UntilAsync(async () => (await StateAsync(first, task)).GetProperty("status").GetString()
            == "input_required", "input is requested");
        await GiveAsync(first, task, "1.who");
        if (isSent)
        {
            await GiveAsync(first, task, "1.what");
            await Soon.UntilAsync(() => Bench.Server.Requests.Count == 2, "the next round was sent");
        }

        await first.KillAsync();
        await first.DisposeAsync();
        await using var second = await Bench.StartGatewayAsync();
        await GiveAsync(second, task, "1.what");

        var text = await EndAsync(second, task);
        if (isSent)
            Assert.Contains("may have been executed, and it counts", text, StringComparison.Ordinal);
        else
            Assert.Equal("done", text);
        Assert.Equal(2, Bench.Server.Requests.Count);
        Assert.Equal("""{"who":{},"what":{}}""", JsonDocument.Parse(Bench.Server.Requests.Last().Body).RootElement
            .GetProperty("params").GetProperty("inputResponses").GetRawText());
        // The only call of the window is counted.
        var refused = await SendAsync(second, "tools/call", """{"name":"refund","arguments":{"amount":6}}""", "refund");
        Assert.True(refused.GetProperty("isError").GetBoolean());
        hang.SetResult();
    }

    private async Task ConfigureAsync(string keys)
    {
        Bench.Configure($$"""
            , "identity": { "issuers": { "corp": { "issuer": "{{Login}}", "audience": "gateway", "jwks": "{{keys}}" } } }
            """);
        var config = await File.ReadAllTextAsync(Bench.ConfigPath);
        await File.WriteAllTextAsync(Bench.ConfigPath, config.Replace("\"grants\": {", """
            "grants": {
              "people": { "servers": { "srv": "policy" }, "order": 2, "match": { "issuer": "corp" } },
            """, StringComparison.Ordinal));
    }

    protected static async Task<string> CreateAsync(
        GatewayProcess gateway, string token = TestTokens.Agent, string tool = "refund")
    {
        var created = await SendAsync(
            gateway, "tools/call", $$$"""{"name":"{{{tool}}}","arguments":{"amount":5}}""", tool, token);
        return created.GetProperty("taskId").GetString()!;
    }

    private static Task<JsonElement> GiveAsync(GatewayProcess gateway, string task, string key) => SendAsync(
        gateway, "tasks/update", $$$"""{"taskId":"{{{task}}}","inputResponses": {"{{{key}}}":{} } }""", task);

    internal static Task<JsonElement> StateAsync(
        GatewayProcess gateway, string task, string token = TestTokens.Agent, string path = "/mcp/srv") =>
        SendAsync(gateway, "tasks/get", $$"""{"taskId":"{{task}}"}""", task, token, path);

    /// <summary>The text of the result, once the task has ended.</summary>
    internal static async Task<string> EndAsync(
        GatewayProcess gateway, string task, string token = TestTokens.Agent, string path = "/mcp/srv")
    {
        JsonElement state = default;
        await Soon.UntilAsync(
            async () =>
            {
                state = await StateAsync(gateway, task, token, path);
                return state.GetProperty("status").GetString() is not ("working" or "input_required");
            },
            "the task ends");
        return state.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    internal static async Task<JsonElement> SendAsync(
        GatewayProcess gateway, string method, string parameters, string name, string token = TestTokens.Agent,
        string path = "/mcp/srv")
    {
        var message = await MessageAsync(gateway, method, parameters, name, token, path);
        Assert.True(message.TryGetProperty("result", out var result), message.GetRawText());
        return result;
    }

    private static async Task<JsonElement> MessageAsync(
        GatewayProcess gateway, string method, string parameters, string name, string token, string path = "/mcp/srv")
    {
        const string meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}}}
            """;
        using var client = gateway.Client(token);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, path))
        {
            Content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":""" + parameters[..^1] + "," + meta.Trim(),
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            text = text.Split('\n').Last(static line => line.StartsWith("data: ", StringComparison.Ordinal))[6..];
        return JsonDocument.Parse(text).RootElement;
    }
}
