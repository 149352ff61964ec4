namespace Gateway.Server.Tests.Fixtures;

/// <summary>A real MCP server, as the revision of 2025-11-25 has it, that may be another at each question.</summary>
internal sealed class ChangingServer : IAsyncDisposable
{
    private readonly RecordingServer _server;

    private ChangingServer(RecordingServer server) => _server = server;

    public string Url => _server.Url;

    /// <summary>The tools as JSON, in the order in which they are listed.</summary>
    public List<string> Tools { get; set; } = [];

    public List<string> Prompts { get; set; } = [];

    public List<string> Resources { get; set; } = [];

    /// <summary>The HTML that each read of a resource returns.</summary>
    public string Page { get; set; } = "";

    public string Instructions { get; set; } = "Ask for one customer at a time.";

    /// <summary>Answers every request with an error of HTTP.</summary>
    public bool IsDown { get; set; }

    /// <summary>Said before the answer to a call of a tool, on the same stream; null: nothing.</summary>
    public string? Notification { get; set; }

    /// <summary>How often its tools were asked for.</summary>
    public int Lists => _server.Requests.Count(static one => one.Text.Contains("tools/list", StringComparison.Ordinal));

    /// <summary>How many calls of tools it got.</summary>
    public int Calls => _server.Requests.Count(static one => one.Text.Contains("tools/call", StringComparison.Ordinal));

    public static async Task<ChangingServer> StartAsync(params string[] tools)
    {
        var server = new ChangingServer(await RecordingServer.StartAsync()) { Tools = [.. tools] };
        server._server.Answer = server.AnswerAsync;
        return server;
    }

    /// <summary>A tool as JSON.</summary>
    public static string Tool(string name, string description = "Looks up one customer.", string more = "") => $$"""
        {"name":"{{name}}","description":"{{description}}",
         "inputSchema":{"type":"object","properties":{"id":{"type":"string"},"deep":{"type":"boolean"} } }{{more}} }
        """;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (IsDown)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var message = JsonDocument.Parse(request.Body.Length == 0 ? "{}"u8.ToArray() : request.Body);
        var method = message.RootElement.TryGetProperty("method", out var named) ? named.GetString() : null;
        if (!message.RootElement.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var result = method switch
        {
            "initialize" => $$"""
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"prompts":{},"resources":{} },
                "serverInfo":{"name":"changing","version":"1"},"instructions":{{JsonSerializer.Serialize(Instructions)}} }
                """,
            "tools/list" => $$"""{"tools":[{{string.Join(',', Tools)}}]}""",
            "prompts/list" => $$"""{"prompts":[{{string.Join(',', Prompts)}}]}""",
            "resources/list" => $$"""{"resources":[{{string.Join(',', Resources)}}]}""",
            "resources/read" => $$"""{"contents":[{"uri":"ui://srv/map","text":{{JsonSerializer.Serialize(Page)}}}]}""",
            "resources/templates/list" => """{"resourceTemplates":[]}""",
            "tools/call" => """{"content":[{"type":"text","text":"done"}]}""",
            _ => null,
        };
        var answer = result is null
            ? $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32601,"message":"Method not found"} }"""
            : $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{{{result.ReplaceLineEndings("")}}} }""";
        if (method != "tools/call" || Notification is not { } said)
        {
            await RecordingServer.JsonAsync(http, answer);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync($"data: {said}\n\ndata: {answer}\n\n");
    }
}
