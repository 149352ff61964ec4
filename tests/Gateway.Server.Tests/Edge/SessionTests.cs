namespace Gateway.Server.Tests.Edge;

/// <summary>Sessions as a client sees them: the gateway's own ids, bound to one grant.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private const string Answer = """{"jsonrpc":"2.0","id":"from-server","result":{"roots":[]}}""";
    private const string ListAnswer = """{"jsonrpc":"2.0","id":9,"result":{"tools":[{"name":"hidden"},{"name":"get"}]}}""";
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private const string ServersOwn = "the-servers-own-"; // long enough that no random id holds it
    private const string Servers1 = ServersOwn + "1";
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _server.Answer = AnswerAsync;
        _gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "deny", "hide": ["hidden"],
              "tools": {
                "pay": { "limits": [
                  { "counter": "pays", "window": "month", "max": 2, "scope": "session" },
                  { "counter": "all", "window": "month", "max": 100 } ] },
                "get": {} } }
            """);
    }

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Gives_the_client_an_id_of_its_own_and_the_server_its_own()
    {
        var session = await OpenAsync();

        using var call = await _gateway.PostAsync(Call, request => request.Headers.Add("Mcp-Session-Id", session));

        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        Assert.DoesNotContain(ServersOwn, session, StringComparison.Ordinal);
        Assert.Equal(Servers1, _server.Requests.Last().Headers["Mcp-Session-Id"]);
    }

    [Fact]
    public async Task Resuming_a_stream_without_its_session_reaches_no_server()
    {
        var session = await OpenAsync();
        var before = _server.Requests.Count;
        foreach (var (last, resumed) in new[] { ("1", null), (new string('x', 8193), session) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _gateway.Endpoint);
            request.Headers.Add("Accept", "text/event-stream");
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
            if (resumed is not null)
                request.Headers.Add("Mcp-Session-Id", resumed);

            using var response = await _gateway.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        using var call = await _gateway.PostAsync(Call, static request => request.Headers.Add("Last-Event-ID", "1"));

        Assert.Equal(before + 1, _server.Requests.Count);
        Assert.DoesNotContain("Last-Event-ID", _server.Requests.Last().Headers.Keys);
    }

    [Theory]
    [InlineData(TestTokens.Other)]
    [InlineData("pgw_no_policy_token_012345")]
    public async Task Answers_another_grants_use_of_a_session_with_404(string token)
    {
        var session = await OpenAsync();
        var before = _server.Requests.Count;

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete })
        {
            using var response = await SendAsync(method, session, token);
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
        }

        Assert.Equal(before, _server.Requests.Count);
    }

    [Theory]
    [InlineData(Servers1)]
    [InlineData("CfDJ8AAAA")]
    [InlineData("x")]
    public async Task Answers_a_made_up_session_with_404(string session)
    {
        using var response = await SendAsync(HttpMethod.Post, session, TestTokens.Agent);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Counts_by_session_where_the_policy_says_so()
    {
        var first = await OpenAsync();
        var second = await OpenAsync();

        var admitted = new List<bool>();
        foreach (var session in new[] { first, first, first, second, second, second })
            admitted.Add(await PayAsync(session));

        Assert.Equal([true, true, false, true, true, false], admitted);
    }

    [Fact]
    public async Task Passes_the_clients_answer_within_a_session_and_nowhere_else()
    {
        var session = await OpenAsync();
        var before = _server.Requests.Count;

        using var outside = await _gateway.PostAsync(Answer);
        Assert.Equal(HttpStatusCode.Forbidden, outside.StatusCode);
        Assert.Equal(before, _server.Requests.Count);

        using var inside = await _gateway.PostAsync(Answer, request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Equal(HttpStatusCode.Accepted, inside.StatusCode);
        Assert.Equal(Answer, _server.Requests.Last().Text);
    }

    [Fact]
    public async Task Passes_the_servers_own_stream_and_filters_lists_on_it()
    {
        var session = await OpenAsync();
        _goOn.SetResult();

        using var response = await SendAsync(HttpMethod.Get, session, TestTokens.Agent);

        Assert.Equal(
            "id: 1\ndata: {\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"tools\":[{\"name\":\"get\"}]}}\n\n",
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Holds_no_more_than_thirty_two_streams_open_for_a_grant()
    {
        var session = await OpenAsync();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 32; i++)
            streams.Add(await SendAsync(HttpMethod.Get, session, TestTokens.Agent));
        Assert.All(streams, stream => Assert.Equal(HttpStatusCode.OK, stream.StatusCode));

        using var tooMany = await SendAsync(HttpMethod.Get, session, TestTokens.Agent);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        using var call = await _gateway.PostAsync(Call, request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);

        _goOn.SetResult();
        foreach (var stream in streams)
        {
            await stream.Content.ReadAsStringAsync();
            stream.Dispose();
        }

        await EnterAgainAsync(session);
    }

    [Fact]
    public async Task Ends_a_session_with_the_servers_own_answer()
    {
        var session = await OpenAsync();

        using var response = await SendAsync(HttpMethod.Delete, session, TestTokens.Agent);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(("DELETE", Servers1), (_server.Requests.Last().Method,
            _server.Requests.Last().Headers["Mcp-Session-Id"]));
    }

    /// <summary>A place is given back a moment after the stream's last byte.</summary>
    private async Task EnterAgainAsync(string session)
    {
        async Task<bool> IsEnteredAsync()
        {
            using var again = await SendAsync(HttpMethod.Get, session, TestTokens.Agent);
            return again.StatusCode == HttpStatusCode.OK;
        }

        await Soon.UntilAsync(IsEnteredAsync, "a place was given back");
    }

    private async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (request.Method == "DELETE")
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (request.Method == "GET")
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            await _goOn.Task;
            await http.Response.WriteAsync("id: 1\ndata: " + ListAnswer + "\n\n");
        }
        else if (request.Text == Answer)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            if (request.Text == Initialize)
                http.Response.Headers["Mcp-Session-Id"] =
                    $"{ServersOwn}{_server.Requests.Count(r => r.Text == Initialize)}";
            await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""");
        }
    }

    private async Task<string> OpenAsync()
    {
        using var response = await _gateway.PostAsync(Initialize);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<bool> PayAsync(string session)
    {
        using var response = await _gateway.PostAsync(Call, request => request.Headers.Add("Mcp-Session-Id", session));
        return !(await response.Content.ReadAsStringAsync()).Contains("rate_limited", StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string session, string token)
    {
        var request = new HttpRequestMessage(method, _gateway.Endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (method == HttpMethod.Post)
            request.Content = new StringContent(Call, new MediaTypeHeaderValue("application/json"));
        return await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
