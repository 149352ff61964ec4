using Gateway.Proxy.Upstreams.Relay;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Edge;

/// <summary>
/// Servers that say nothing for longer than a reverse proxy waits. Each is silent until its client has received so many
/// comments. With GATEWAY_FULL=1 nginx and the gateway have their own defaults, so that this takes at least 90 s, 80 s
/// for the error; without it, nginx waits for 4 s and comments come every 0.5 s.
/// </summary>
public sealed partial class QuietStreamTests : IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{}}}""";
    private const string Answer = """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"a@b.example"}]}}""";
    private const string Redacted = """
        { "version": "1", "default": "allow", "tools": { "pay": { "results": { "redact": [ { "known": "email" } ] } } } }
        """;

    private static readonly int Silence = Requirements.AreFull ? 6 : 12;
    private static readonly int ErrorAfter = Requirements.AreFull ? 5 : 10;
    private static readonly string Nginx = Requirements.AreFull ? "" : "proxy_read_timeout 4s;";
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await StartAsync("""{ "version": "1", "default": "allow" }""");
    }

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [NginxFact]
    public async Task Call_of_a_JSON_server_that_is_silent_gets_its_answer_as_one_event()
    {
        await using var nginx = await NginxProcess.StartAsync(_gateway.Address, Nginx);
        _server.Answer = async (http, _) =>
        {
            await _goOn.Task;
            await RecordingServer.JsonAsync(http, Answer);
        };

        var (status, type, body) = await PostAsync(nginx.Address, Call, comments: Silence);

        Assert.Equal((200, "text/event-stream", $"event: message\ndata: {Answer}\n\n"), (status, type, Events(body)));
        Assert.Equal(("completed", 200), await OutcomeAsync());
    }

    [NginxFact]
    public async Task Call_of_a_server_that_is_silent_on_its_stream_gets_its_answer()
    {
        await using var nginx = await NginxProcess.StartAsync(_gateway.Address, Nginx);
        _server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            await _goOn.Task;
            await http.Response.WriteAsync($"data: {Answer}\n\n");
        };

        var (status, _, body) = await PostAsync(nginx.Address, Call, comments: Silence);

        Assert.Equal((200, $"data: {Answer}\n\n"), (status, Events(body)));
    }

    [NginxFact]
    public async Task Silent_GET_stream_survives()
    {
        const string notification = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n";
        await using var nginx = await NginxProcess.StartAsync(_gateway.Address, Nginx);
        _server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            await _goOn.Task;
            await http.Response.WriteAsync(notification);
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(nginx.Address, "/mcp/srv"));
        request.Headers.Accept.ParseAdd("text/event-stream");

        using var response = await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(notification, Events(await ReadAsync(response, Silence)));
    }

    [NginxFact]
    public async Task Error_of_the_server_after_the_stream_began_arrives_with_its_status()
    {
        await using var nginx = await NginxProcess.StartAsync(_gateway.Address, Nginx);
        _server.Answer = async (http, _) =>
        {
            await _goOn.Task;
            http.Response.StatusCode = 404;
            await http.Response.WriteAsync("no such page");
        };

        var (status, _, body) = await PostAsync(nginx.Address, Call, comments: ErrorAfter);

        Assert.Equal(200, status);
        var message = JsonDocument.Parse(Events(body)["event: message\ndata: ".Length..]).RootElement;
        Assert.Equal(1, message.GetProperty("id").GetInt32());
        var error = message.GetProperty("error");
        Assert.Equal((-32603, 404),
            (error.GetProperty("code").GetInt32(), error.GetProperty("data").GetProperty("status").GetInt32()));
        Assert.Equal(("error", 404), await OutcomeAsync());
    }

    [Theory]
    [InlineData("initialize", "application/json, text/event-stream")]
    [InlineData("tools/list", "application/json, text/event-stream")]
    [InlineData("server/discover", "application/json, text/event-stream")]
    [InlineData("tools/call", "application/json")]
    public async Task Stream_does_not_begin_ahead_of_other_answers_or_for_a_client_that_takes_none(
        string method, string accept)
    {
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"name":"pay"}}""";
        await using var quick = await StartAsync("""{ "version": "1", "default": "allow" }""", TimeSpan.FromMilliseconds(50));
        _server.Answer = async (http, _) =>
        {
            await PauseAsync(TimeSpan.FromSeconds(1));
            await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}""");
        };

        var (status, type, _) = await PostAsync(quick.Address, body, accept);

        Assert.Equal((200, "application/json"), (status, type));
    }

    [Fact]
    public async Task Results_of_a_call_whose_stream_began_are_redacted()
    {
        await using var gateway = await StartAsync(Redacted, TimeSpan.FromMilliseconds(50));
        _server.Answer = async (http, _) =>
        {
            await _goOn.Task;
            await RecordingServer.JsonAsync(http, Answer);
        };
        using var response = await OpenAsync(gateway.Address, Call);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal(": waiting for the server", await reader.ReadLineAsync());
        _goOn.SetResult();

        var rest = await reader.ReadToEndAsync();
        Assert.DoesNotContain("a@b.example", rest, StringComparison.Ordinal);
        Assert.Contains("\"id\":1", rest, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "version": "1", "default": "allow" }""", "data: fi", "rst\n", "\ndata: last\r\n\r\n")]
    [InlineData("""{ "version": "1", "default": "allow" }""", "data: first\n", "\n", "id: 7\rdata: last\r\r")]
    [InlineData("""
        { "version": "1", "default": "allow", "tools": { "pay": { "limits": [
          { "counter": "c", "window": "month", "max": 9, "refund_on_error": true } ] } } }
        """, "data: fi", "rst\n", "\ndata: last\n\n")]
    [InlineData(Redacted, "data: {\"jsonrpc\":\"2.0\",\"method\":", "\"notifications/x\"}\n\n", "id: 7\ndata: \n\n")]
    public async Task Comment_stands_between_two_complete_events_only(string policy, params string[] parts)
    {
        const string Response = "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n";
        await using var gateway = await StartAsync(policy, TimeSpan.FromMilliseconds(50));
        _server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var part in parts)
            {
                await http.Response.WriteAsync(part);
                await http.Response.Body.FlushAsync();
                await PauseAsync(TimeSpan.FromMilliseconds(400));
            }

            await http.Response.WriteAsync(Response);
        };

        var (_, _, body) = await PostAsync(gateway.Address, Call);

        Assert.Contains("keep-alive", body, StringComparison.Ordinal);
        var whole = string.Concat(parts) + Response;
        Assert.Equal(whole, Events(body));
        foreach (var before in body.Split(": keep-alive\n\n")[..^1].Where(static text => text.Length > 0))
        {
            Assert.True(before.EndsWith("\n\n", StringComparison.Ordinal)
                || before.EndsWith("\r\n\r\n", StringComparison.Ordinal)
                || before.EndsWith("\r\r", StringComparison.Ordinal), body);
        }
    }

    private async Task<TestGateway> StartAsync(string policy, TimeSpan? every = null)
    {
        var gateway = await TestGateway.StartAsync(_server.Url, policy, drainTime: TimeSpan.FromSeconds(2));
        var options = gateway.Host.Services.GetRequiredService<StreamOptions>();
        if (!Requirements.AreFull || every is not null)
            options.CommentEvery = options.CallAfter = every ?? TimeSpan.FromMilliseconds(500);
        return gateway;
    }

    private Task<HttpResponseMessage> OpenAsync(
        Uri address, string body, string accept = "application/json, text/event-stream")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/mcp/srv"))
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<(int Status, string? Type, string Body)> PostAsync(
        Uri address, string body, string accept = "application/json, text/event-stream", int comments = 0)
    {
        using var response = await OpenAsync(address, body, accept);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType,
            await ReadAsync(response, comments));
    }

    /// <summary>Reads a body, and has the server go on after so many comments.</summary>
    private async Task<string> ReadAsync(HttpResponseMessage response, int comments)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        var part = new char[4096];
        while (await reader.ReadAsync(part) is > 0 and var count)
        {
            text.Append(part, 0, count);
            if (Comment().Count(text.ToString()) >= comments)
                _goOn.TrySetResult();
        }

        return text.ToString();
    }

    /// <summary>Time in which something wrong could happen, of which no event tells.</summary>
    private static async Task PauseAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    [GeneratedRegex("^: .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    private static string Events(string body) => body
        .Replace(": keep-alive\n\n", "", StringComparison.Ordinal)
        .Replace(": waiting for the server\n\n", "", StringComparison.Ordinal);

    private async Task<(string? Ended, int Status)> OutcomeAsync()
    {
        var outcome = await _gateway.OutcomeAsync();
        return (outcome.GetProperty("ended").GetString(), outcome.GetProperty("status").GetInt32());
    }
}
