using Gateway.Mcp.Writing;
using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Approvals;

/// <summary>
/// What an agent or a server writes is shown as text: no line, no colour, no order of letters is its own.
/// </summary>
public sealed class ForgedTextTests
{
    /// <summary>Ends a row and begins another, turns letters round, moves a cursor, hides, breaks lines.</summary>
    private const string Forged =
        "x\n3f9a0000  open  agent  srv  refund\u202E\u009b2J\u001b[1A\u200b\u2028\u0085\U000E0041 y";

    [Theory]
    [InlineData("refund\n3f9a0000  open  agent  srv  refund  -  {}")]
    [InlineData("refund\u202E")]
    [InlineData("refund\u009b")]
    public async Task A_tool_whose_name_forges_a_row_is_refused_and_nobody_is_asked(string tool)
    {
        var server = await RecordingServer.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            server, """{ "version": "1", "default": "deny", "tools": { "refund*": { "action": "approve" } } }""");
        var cli = new Cli(gateway.Folder, gateway.Address, gateway.AdminKey);

        using var answer = await gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{{{JsonSerializer.Serialize(tool)}}}}}""");

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("invisible", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(
            "No request for approval", (await cli.RunAsync("approvals", "list")).Output, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Shows_what_an_agent_and_an_approver_wrote_as_text_in_every_verb()
    {
        await using var bench = await ApprovalBench.StartAsync();
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, ApprovalBench.AdminKey);
        var arguments = new JsonObject { ["amount"] = 5, ["note" + Forged] = Forged };
        // Raw where JSON lets it be, and the approver's text from another client than ours.
        var raw = arguments.ToJsonString(new JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        var open = await bench.AskAsync(raw);
        var answered = await bench.AskAsync("""{"amount":6}""");
        await bench.DenyAsync(answered, Forged, "Ada" + Forged);

        var table = await ShownAsync(cli, "approvals", "list", "--all");
        Assert.Equal(3, table.TrimEnd('\n').Split('\n').Length);
        Assert.Contains(
            @"refund\u202E\u009B2J\u001B[1A\u200B\u2028\u0085\uDB40\uDC41", table, StringComparison.Ordinal);
        var json = JsonNode.Parse(await ShownAsync(cli, "approvals", "list", "--all", "--json"))!.AsArray();
        Assert.Contains(json, item => ((string?)item!["answeredAs"]?["claimedBy"])?.Contains('\u202E') == true);
        Assert.Contains(json, item => (string?)item!["arguments"]?["note" + Forged] == Forged);
        Assert.All(
            (await ShownAsync(cli, "audit", "query")).TrimEnd('\n').Split('\n'),
            static line => Assert.StartsWith("20", line, StringComparison.Ordinal));
        await ShownAsync(cli, "audit", "query", "--json");
        await ShownAsync(cli, "approvals", "approve", open, "--by", "Ada" + Forged);
        await ShownAsync(cli, "approvals", "approve", open);
    }

    [Fact]
    public async Task Shows_what_a_server_wrote_as_text_in_every_verb()
    {
        var server = await RecordingServer.StartAsync();
        server.Answer = (http, request) => RecordingServer.JsonAsync(http, Answer(request).ToJsonString());
        await using var gateway = await TestGateway.StartAsync(server, """{ "version": "1", "default": "allow" }""");
        await File.WriteAllTextAsync(
            Path.Combine(gateway.Folder, "p.json"), """{ "version": "1", "default": "allow", "tools": { "ab": {} } }""");
        var cli = new Cli(gateway.Folder, gateway.Address, gateway.AdminKey);

        foreach (var verb in (string[][])[["tools", "list"], ["server", "inspect", "srv"]])
        {
            var table = await ShownAsync(cli, verb);
            Assert.Equal(verb[0] == "tools" ? 2 : 1, table.Split('\n').Count(static row => row.Contains(
                @"tool\u000A3f9a0000 ␣open", StringComparison.Ordinal)
                || row.StartsWith("SERVER", StringComparison.Ordinal)));
            await ShownAsync(cli, [.. verb, "--json"]);
        }

        await ShownAsync(cli, "policy", "validate", "p.json", "--server", "srv");
        server.Answer = (http, _) => RecordingServer.JsonAsync(http, Forged, 500);
        await ShownAsync(cli, "tools", "list");
    }

    [UnixFact]
    public async Task Writes_what_a_server_says_into_the_log_as_text()
    {
        using var folder = new TestFolder();
        var config = Path.Combine(folder.Path, "gateway.json");
        var complaint = @"printf 'one\033[2Jtwo\302\233\342\200\256three\r\342\200\250end\n' >&2; cat >/dev/null";
        await File.WriteAllTextAsync(config, $$"""
            { "servers": { "srv": { "command": "/bin/sh", "args": ["-c", {{JsonSerializer.Serialize(complaint)}}] } },
              "policies": { "p": { "version": "1", "default": "allow" } },
              "grants": { "agent": { "server": "srv", "policy": "p", "token": "{{TestTokens.Agent}}" } } }
            """);
        await using var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data"));
        using var client = gateway.Client();

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/mcp/srv"));
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Content = new StringContent(StdioBench.Initialize, new MediaTypeHeaderValue("application/json"));
        using var left = new CancellationTokenSource();
        var answer = client.SendAsync(request, left.Token);
        await gateway.SaysAsync("three\\u000D\\u2028end");
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);

        Assert.Contains(
            @"one\u001B[2Jtwo\u009B\u202Ethree\u000D\u2028end", gateway.Errors, StringComparison.Ordinal);
        Assert.All(gateway.Errors.Split(Environment.NewLine), static line => Assert.True(VisibleText.IsClear(line)));
    }

    private static JsonNode Answer(RecordedRequest request)
    {
        var message = request.Body.Length == 0 ? new JsonObject() : JsonNode.Parse(request.Body)!.AsObject();
        var result = (string?)message["method"] switch
        {
            "initialize" => new JsonObject
            {
                ["protocolVersion"] = "2025-11-25",
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject() },
                ["serverInfo"] = new JsonObject { ["name"] = Forged, ["version"] = Forged },
            },
            "tools/list" => new JsonObject
            {
                ["tools"] = new JsonArray(new JsonObject
                {
                    ["name"] = "tool" + Forged[1..],
                    ["description"] = Forged,
                    ["inputSchema"] = new JsonObject { ["type"] = "object" },
                }),
            },
            _ => null,
        };
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]?.DeepClone() };
        if (result is null)
            answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = Forged };
        else
            answer["result"] = result;
        return answer;
    }

    /// <summary>Everything that a verb prints, which holds no such character.</summary>
    private static async Task<string> ShownAsync(Cli cli, params string[] verb)
    {
        var run = await cli.RunAsync(verb);
        Assert.All(
            (run.Output + run.Errors).ReplaceLineEndings("\n").Split('\n'),
            line => Assert.True(VisibleText.IsClear(line), $"{string.Join(' ', verb)}: {VisibleText.Of(line)}"));
        return run.Output;
    }
}
