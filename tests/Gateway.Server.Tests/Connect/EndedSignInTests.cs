namespace Gateway.Server.Tests.Connect;

/// <summary>What is open of a client's sign-in closes with it, though the grant goes on.</summary>
public sealed class EndedSignInTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private ConnectBench _bench = null!;
    private int _open;

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync(_time);
        _bench.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": open\n\n");
            await http.Response.Body.FlushAsync();
            Interlocked.Increment(ref _open);
            var gone = new TaskCompletionSource();
            http.RequestAborted.UnsafeRegister(_ => gone.SetResult(), null);
            await gone.Task;
            Interlocked.Decrement(ref _open);
        };
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("GET", "/mcp/srv")]
    [InlineData("POST", "/mcp/srv")]
    public async Task A_stream_and_a_call_end_when_the_client_revokes_its_token(string method, string path)
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        using var stream = await OpenAsync(method, path, access);
        // A refresh, which the client does while its stream is open, leaves it open.
        var next = await _bench.RefreshAsync(client, refresh);
        Assert.Equal((200, 1), (next.Status, Volatile.Read(ref _open)));

        await RevokeAsync(client, (string)next.Json["refresh_token"]!);

        await EndAsync(stream);
        Assert.Equal(401, (await _bench.CallAsync((string)next.Json["access_token"]!)).Status);
        Assert.Single(await _bench.GrantsAsync());
    }

    [Theory]
    [InlineData(false, 403, "The grant was revoked, paused or expired during this call. ")]
    [InlineData(true, 502, "The gateway ended this call before its response: the grant ended, ")]
    public async Task A_call_without_a_response_is_refused_in_words_when_its_sign_in_ends(
        bool hasBegun, int status, string reason)
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        var received = new TaskCompletionSource();
        _bench.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            if (hasBegun)
                await http.Response.WriteAsync("{");
            received.TrySetResult();
            await RecordingServer.UntilGoneAsync(http);
        };
        var call = _bench.CallAsync(access);
        await received.Task.WaitAsync(Soon.AtMost);

        await RevokeAsync(client, refresh);

        var (answered, text) = await call.WaitAsync(Soon.AtMost);
        Assert.Equal(status, answered);
        var message = (string)JsonNode.Parse(text)!["error"]!["message"]!;
        Assert.StartsWith(reason, message, StringComparison.Ordinal);
        Assert.EndsWith(
            "The call may have been executed; check before you repeat it.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_clients_streams_stay_open_until_its_own_grant_ends()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        var (_, other, _) = await _bench.ConnectAsync("Another Client");
        using var stream = await OpenAsync("GET", "/mcp/srv", access);
        using var others = await OpenAsync("GET", "/mcp/srv", other);

        await RevokeAsync(client, refresh);
        await EndAsync(stream);

        await Soon.UntilAsync(() => Volatile.Read(ref _open) == 1, "the server knows that one is gone");
        await _bench.AdminAsync("DELETE", "grants/another-client-srv");
        await EndAsync(others);
    }

    [Fact]
    public async Task A_token_that_is_used_twice_ends_what_its_thief_has_open()
    {
        var (client, _, refresh) = await _bench.ConnectAsync();
        var first = await _bench.RefreshAsync(client, refresh);
        var second = await _bench.RefreshAsync(client, (string)first.Json["refresh_token"]!);
        using var stream = await OpenAsync("GET", "/mcp/srv", (string)second.Json["access_token"]!);
        // Within a minute it is a client whose answer was lost.
        _time.Jump(TimeSpan.FromSeconds(61));

        Assert.Equal(400, (await _bench.RefreshAsync(client, refresh)).Status);

        await EndAsync(stream);
    }

    [Fact]
    public async Task What_is_opened_after_a_pause_still_ends_with_the_sign_in()
    {
        var (client, access, refresh) = await _bench.ConnectAsync();
        using var before = await OpenAsync("GET", "/mcp/srv", access);
        await _bench.AdminAsync("POST", "grants/test-client-srv/pause", new JsonObject { ["reason"] = "looked at" });
        await EndAsync(before);
        await _bench.AdminAsync("POST", "grants/test-client-srv/resume", new JsonObject());
        using var after = await OpenAsync("GET", "/mcp/srv", access);

        await RevokeAsync(client, refresh);

        await EndAsync(after);
    }

    private async Task<Stream> OpenAsync(string method, string path, string token)
    {
        var before = Volatile.Read(ref _open);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json"));
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.TryAddWithoutValidation(
            "Accept", method == "GET" ? "text/event-stream" : "application/json, text/event-stream");
        var answer = await _bench.Program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        await Soon.UntilAsync(() => Volatile.Read(ref _open) == before + 1, "the server has it");
        return await answer.Content.ReadAsStreamAsync();
    }

    private async Task RevokeAsync(string client, string token)
    {
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("client_id", client), KeyValuePair.Create("token", token)]);
        using var answer = await _bench.Program.PostAsync("/revoke", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>The client's connection ends, and so does the one to the server.</summary>
    private static async Task EndAsync(Stream stream)
    {
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer).AsTask().WaitAsync(Soon.AtMost) > 0)
            {
                // What was sent before.
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Cut off, as a call is that has no answer yet.
        }
    }
}
