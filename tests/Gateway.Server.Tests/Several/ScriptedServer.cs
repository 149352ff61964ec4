using System.Threading.Channels;

namespace Gateway.Server.Tests.Several;

/// <summary>A server with a few of everything, which keeps what it gets; both shapes of the protocol.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private const string OneMore = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
    private readonly RecordingServer _server;
    private readonly Channel<string> _outgoing = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();
    private int _sessions;
    private int _events;
    private int _streams;

    private ScriptedServer(string name, RecordingServer server) => (Name, _server) = (name, server);

    public string Name { get; }

    public string Url => _server.Url;

    /// <summary>Whether it takes every request and answers none.</summary>
    public bool IsHung { get; set; }

    /// <summary>Whether it answers GET with 405.</summary>
    public bool HasNoStream { get; set; }

    /// <summary>Streams of its own that are open.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Tools on each of its pages.</summary>
    public string[][] Pages { get; set; } = [["find", "ask", "remove"]];

    /// <summary>What it asks the client where its tool "ask" is called: a request without its id.</summary>
    public string Question { get; set; } = """
        "method":"roots/list"
        """;

    /// <summary>Answers a message instead of it; false to leave it to the script.</summary>
    public Func<HttpContext, JsonElement, Task<bool>>? Own { get; set; }

    public static async Task<ScriptedServer> StartAsync(string name)
    {
        var recording = await RecordingServer.StartAsync();
        var server = new ScriptedServer(name, recording);
        recording.Answer = server.AnswerAsync;
        return server;
    }

    /// <summary>What it got of a method.</summary>
    public IReadOnlyList<RecordedRequest> Received(string method) =>
        [.. _server.Requests.Where(request => request.Text.Contains($"\"{method}\"", StringComparison.Ordinal))];

    /// <summary>Calls of a tool.</summary>
    public IReadOnlyList<RecordedRequest> Calls(string tool) =>
        [.. Received("tools/call").Where(call => call.Text.Contains($"\"{tool}\"", StringComparison.Ordinal))];

    /// <summary>Requests without a body, by their method.</summary>
    public IReadOnlyList<RecordedRequest> Bodiless(string method) =>
        [.. _server.Requests.Where(request => request.Method == method)];

    /// <summary>Says in its own stream that its list has changed.</summary>
    public void SendListChanged() => Send(OneMore);

    /// <summary>Says something in its own stream.</summary>
    public void Send(string message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Answers a message with a result.</summary>
    public static Task ResultAsync(HttpContext http, JsonElement id, string result) =>
        RecordingServer.JsonAsync(http, $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{{{result.Trim()}}}}""");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (IsHung)
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (request.Method == "GET" && HasNoStream)
            http.Response.StatusCode = 405;
        else if (request.Method == "GET")
            await StreamAsync(http, null);
        else if (request.Method == "POST")
            await AnswerAsync(http, JsonDocument.Parse(request.Body).RootElement);
    }

    private async Task AnswerAsync(HttpContext http, JsonElement message)
    {
        if (Own is not null && await Own(http, message))
            return;
        if (!message.TryGetProperty("method", out var method))
        {
            _answers.Writer.TryWrite(message.GetRawText());
            http.Response.StatusCode = 202;
            return;
        }

        if (!message.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = 202;
            return;
        }

        var parameters = message.TryGetProperty("params", out var given) ? given : default;
        switch (method.GetString())
        {
            case "initialize":
                http.Response.Headers["Mcp-Session-Id"] = $"{Name}-{Interlocked.Increment(ref _sessions)}";
                await ResultAsync(http, id, $$$"""
                    {"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true},"prompts":{},"resources":{"subscribe":true},"logging":{},"completions":{}},"serverInfo":{"name":"{{{Name}}}","version":"1"},"instructions":"Of {{{Name}}}."}
                    """);
                break;
            case "server/discover":
                await ResultAsync(http, id, $$$"""
                    {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"serverInfo":{"name":"{{{Name}}}","version":"1"},"ttlMs":0,"cacheScope":"public"}
                    """);
                break;
            case "tools/list":
                var page = parameters.ValueKind == JsonValueKind.Object
                    && parameters.TryGetProperty("cursor", out var cursor)
                        ? int.Parse(cursor.GetString()!, CultureInfo.InvariantCulture) : 0;
                var next = page + 1 < Pages.Length ? $",\"nextCursor\":\"{page + 1}\"" : "";
                await ResultAsync(http, id, $$$"""
                    {"resultType":"complete","tools":[{{{string.Join(',', Pages[page].Select(Tool))}}}]{{{next}}},"ttlMs":5,"cacheScope":"public"}
                    """);
                break;
            case "tools/call" when parameters.GetProperty("name").GetString() == "ask":
                await AskAsync(http, id);
                break;
            case "subscriptions/listen":
                await StreamAsync(http, $$$"""
                    {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":{{{id.GetRawText()}}}},"notifications":{{{parameters.GetProperty("notifications").GetRawText()}}}}}
                    """.Trim());
                break;
            case "prompts/list":
                await ResultAsync(http, id, """{"prompts":[{"name":"hello"}]}""");
                break;
            case "resources/list":
                await ResultAsync(http, id, $$$"""
                    {"resources":[{"uri":"file:///shared","name":"shared"},{"uri":"{{{Name}}}://own","name":"own"}]}
                    """);
                break;
            case "resources/templates/list":
                await ResultAsync(http, id, $$$"""
                    {"resourceTemplates":[{"uriTemplate":"{{{Name}}}://item/{id}","name":"item"}]}
                    """);
                break;
            default:
                await ResultAsync(http, id, $$$"""
                    {"resultType":"complete","content":[{"type":"text","text":"{{{Name}}} did"}],"messages":[],"contents":[{"uri":"x:y","text":"{{{Name}}} had"}]}
                    """);
                break;
        }
    }

    private string Tool(string name) =>
        $$$"""{"name":"{{{name}}}","description":"{{{name}}} of {{{Name}}}","inputSchema":{"type":"object"}}""";

    /// <summary>Asks the client something, always with the id 1, and answers with what the client said.</summary>
    private async Task AskAsync(HttpContext http, JsonElement id)
    {
        // What was said to somebody who has gone meanwhile.
        while (_answers.Reader.TryRead(out _))
        {
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("id: 5\ndata: {\"jsonrpc\":\"2.0\",\"id\":1," + Question.Trim() + "}\n\n");
        await http.Response.Body.FlushAsync();
        var said = JsonSerializer.Serialize(await _answers.Reader.ReadAsync(http.RequestAborted));
        await http.Response.WriteAsync(
            $$$"""data: {"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"result":{"content":[{"type":"text","text":{{{said}}}}]}}""" + "\n\n");
    }

    private async Task StreamAsync(HttpContext http, string? first)
    {
        Interlocked.Increment(ref _streams);
        http.Response.ContentType = "text/event-stream";
        if (first is not null)
            await http.Response.WriteAsync($"data: {first}\n\n");
        await http.Response.Body.FlushAsync();
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync($"id: {Name}-{Interlocked.Increment(ref _events)}\ndata: {message}\n\n");
                await http.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway closed it.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }
}
