namespace Gateway.Server.Tests.Stdio;

/// <summary>Revisions with sessions: each session is a program of its own.</summary>
public sealed class SessionChildTests
{
    private const string ListTools = """{"jsonrpc":"2.0","id":"l","method":"tools/list"}""";

    [LinuxFact]
    public async Task Each_session_has_a_child_of_its_own_that_ends_with_it()
    {
        await using var bench = await StdioBench.StartAsync();
        var first = await bench.OpenAsync();
        var second = await bench.OpenAsync();

        var one = await bench.CallAsync(StdioBench.Call("echo"), first);
        var other = await bench.CallAsync(StdioBench.Call("echo"), second);
        using var request = new HttpRequestMessage(HttpMethod.Delete, bench.Endpoint);
        request.Headers.Add("Mcp-Session-Id", first);
        using var deleted = await bench.Client.SendAsync(request);
        using var after = await bench.PostAsync(StdioBench.Call("echo"), first);

        Assert.Equal(2, bench.Pids.Length);
        Assert.Contains($"echo {bench.Pids[0]}", one);
        Assert.Contains($"echo {bench.Pids[1]}", other);
        Assert.Equal(200, (int)deleted.StatusCode);
        Assert.Equal(404, (int)after.StatusCode);
        Assert.Equal([bench.Pids[1]], LiveProcesses.Alive(bench.Pids));
    }

    [LinuxFact]
    public async Task Ids_and_messages_pass_unchanged_but_for_line_breaks()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();

        var answer = await bench.CallAsync(
            "{\"jsonrpc\":\"2.0\",\r\n \"id\":\"a\\u0062\",\n\"method\":\"tools/call\",\"params\":{\"name\":\"echo\"," +
            "\"arguments\":{\"b\":1.0,  \"a\":\"\\n\"},\"unknown\":[1]}}", session);

        Assert.StartsWith("{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"result\":", answer);
        Assert.Equal(
            "{\"jsonrpc\":\"2.0\",   \"id\":\"a\\u0062\", \"method\":\"tools/call\",\"params\":{\"name\":\"echo\"," +
            "\"arguments\":{\"b\":1.0,  \"a\":\"\\n\"},\"unknown\":[1]}}", bench.Lines[^1]);
    }

    [LinuxFact]
    public async Task A_call_without_a_session_starts_no_child_and_is_not_counted()
    {
        await using var bench = await StdioBench.StartAsync("""
            { "version": "1", "default": "deny",
              "tools": { "echo": { "limits": [ { "counter": "c", "window": "month", "max": 1 } ] } } }
            """);

        using var answer = await bench.PostAsync(StdioBench.Call("echo"), null);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("Start a session with initialize", await answer.Content.ReadAsStringAsync());
        Assert.Empty(bench.Pids);
        Assert.Contains("echo ", await bench.CallAsync(StdioBench.Call("echo"), await bench.OpenAsync()));
    }

    [LinuxFact]
    public async Task Another_grant_cannot_use_the_session()
    {
        await using var bench = await StdioBench.StartAsync();
        using var other = StdioBench.Authorized(TestTokens.Other);
        var session = await bench.OpenAsync();

        using var answer = await bench.PostAsync(StdioBench.Call("echo"), session, other);

        Assert.Equal(404, (int)answer.StatusCode);
    }

    [LinuxFact]
    public async Task Lists_are_filtered_by_the_grants_policy()
    {
        await using var bench = await StdioBench.StartAsync(
            """{ "version": "1", "default": "deny", "tools": { "echo": {} } }""");
        var session = await bench.OpenAsync();

        var tools = JsonDocument.Parse(await bench.CallAsync(ListTools, session)).RootElement
            .GetProperty("result").GetProperty("tools");
        var denied = await bench.CallAsync(StdioBench.Call("hidden"), session);

        Assert.Equal(["echo"], tools.EnumerateArray().Select(static tool => tool.GetProperty("name").GetString()));
        Assert.Contains("(default deny)", denied);
        Assert.DoesNotContain(bench.Lines, static line => line.Contains("hidden", StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task Progress_comes_on_the_calls_own_stream()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();

        using var answer = await bench.PostAsync(
            StdioBench.Call("progress", more: """,  "_meta":{"progressToken":"t-1"}"""), session);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(
            text.IndexOf("\"progressToken\":\"t-1\"", StringComparison.Ordinal)
            < text.IndexOf("progressed", StringComparison.Ordinal), text);
    }

    [LinuxFact]
    public async Task A_question_of_the_server_is_answered_by_the_client()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();

        using var answer = await bench.PostAsync(StdioBench.Call("ask"), session);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await events.ReadLineAsync();
        var question = await events.ReadLineAsync();
        using var accepted = await bench.PostAsync(
            """{"jsonrpc":"2.0","id":"q1","result":{"action":"accept"}}""", session);
        var rest = await events.ReadToEndAsync();

        Assert.Contains("elicitation/create", question);
        Assert.Equal(202, (int)accepted.StatusCode);
        Assert.Contains("\"text\":\"answered\"", rest);
    }

    [LinuxFact]
    public async Task Changes_come_on_the_sessions_stream()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, bench.Endpoint);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("Accept", "text/event-stream");

        using var stream = await bench.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync());
        await bench.CallAsync(StdioBench.Call("change"), session);
        await events.ReadLineAsync();

        Assert.Contains("notifications/tools/list_changed", await events.ReadLineAsync());
    }

    [LinuxFact]
    public async Task A_cancelled_call_ends_its_stream_and_reaches_the_child()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();

        var hanging = bench.CallAsync(StdioBench.Call("hang", "7"), session);
        await LiveProcesses.Until(() =>
            bench.Lines.Any(static line => line.Contains("hang", StringComparison.Ordinal)));
        const string cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""";
        using var cancelled = await bench.PostAsync(cancel, session);

        Assert.Equal(202, (int)cancelled.StatusCode);
        Assert.Equal("", await hanging);
        await LiveProcesses.Until(() => bench.Lines[^1] == cancel);
        Assert.Equal(cancel, bench.Lines[^1]);
        Assert.Contains("echo", await bench.CallAsync(StdioBench.Call("echo", "7"), session));
    }
}
