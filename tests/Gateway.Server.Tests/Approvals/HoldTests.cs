namespace Gateway.Server.Tests.Approvals;

/// <summary>Calls that are held while a person is asked.</summary>
public sealed class HoldTests
{
    private const string LastEvent = "id: 9\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}\n\n";
    private const string Progress = """{"progressToken":"p-1"}""";

    private const string StatelessProgress = """
        {"progressToken":7,"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    [Fact]
    public async Task Lets_a_held_call_through_the_moment_it_is_approved()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        var call = bench.CallAsync();
        var id = Assert.Single(await bench.OpenAsync(1));
        Assert.Empty(bench.Server.Requests);

        await bench.ApproveAsync(id);

        Assert.True(ApprovalBench.IsDone(await call.WaitAsync(Soon.AtMost)));
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task A_pending_call_gets_its_denial_and_the_reason()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        var call = bench.CallAsync();

        await bench.DenyAsync(Assert.Single(await bench.OpenAsync(1)), "Too much.");

        Assert.Contains("admin denied this call: Too much.", ApprovalBench.Text(await call), StringComparison.Ordinal);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Says_that_it_is_pending_once_the_wait_is_over()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "1s");

        var id = await bench.AskAsync();

        Assert.Equal(id, Assert.Single(await bench.OpenAsync(1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reports_progress_while_waiting_and_ends_the_stream_with_the_response(bool isStateless)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        using var response = await OpenAsync(bench, isStateless ? StatelessProgress : Progress, isStateless);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);

        var progress = (await EventAsync(reader))!.Value;
        Assert.Equal("notifications/progress", progress.GetProperty("method").GetString());
        var token = progress.GetProperty("params").GetProperty("progressToken").GetRawText();
        Assert.Equal(isStateless ? "7" : "\"p-1\"", token);
        var id = Assert.Single(await bench.OpenAsync(1));
        Assert.Contains(id, progress.GetProperty("params").GetProperty("message").GetString(),
            StringComparison.Ordinal);
        await bench.ApproveAsync(id);

        var answer = await LastAsync(reader);
        Assert.True(ApprovalBench.IsDone(answer));
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task Keeps_the_connection_of_an_agent_that_gave_no_token_with_comments()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "600s");
        using var response = await OpenAsync(bench, "{}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.StartsWith(": waiting", await reader.ReadLineAsync(), StringComparison.Ordinal);

        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));

        Assert.True((await EventAsync(reader))!.Value.TryGetProperty("result", out _));
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task Ends_the_stream_with_the_refusal_where_nobody_answers()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "1s");
        using var response = await OpenAsync(bench, Progress);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var answer = await LastAsync(reader);

        Assert.Equal("approval_required", ApprovalBench.Decision(answer).GetProperty("outcome").GetString());
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Passes_the_servers_own_events_into_the_stream()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        bench.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("""
                : comment
                data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}


                """.ReplaceLineEndings("\n"));
            await http.Response.Body.FlushAsync();
            await http.Response.WriteAsync(LastEvent);
        };

        var rest = await ApproveAndReadAsync(bench);

        Assert.Contains(": comment\n", rest, StringComparison.Ordinal);
        Assert.EndsWith(LastEvent, rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Puts_JSON_that_has_line_breaks_into_one_event()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        bench.Server.Answer = (http, _) => RecordingServer.JsonAsync(
            http, "{\r\n  \"jsonrpc\": \"2.0\",\n  \"id\": 1,\n  \"result\": { \"a\": \"b\\n\" }\n}\n");

        var rest = await ApproveAndReadAsync(bench);

        var last = Assert.Single(rest.Split('\n'), line => line.StartsWith("data: ", StringComparison.Ordinal)
            && line.Contains("result", StringComparison.Ordinal));
        var result = JsonDocument.Parse(last[6..]).RootElement.GetProperty("result");
        Assert.Equal("b\n", result.GetProperty("a").GetString());
    }

    [Theory]
    [InlineData(500, "text/plain", "boom", "HTTP 500")]
    [InlineData(202, "application/json", "", "HTTP 202")]
    [InlineData(400, "application/json", """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"bad"}}""", "bad")]
    [InlineData(401, "application/json", "", "credential")]
    public async Task Makes_an_error_of_an_answer_that_fits_no_stream(int status, string type, string body, string said)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        bench.Server.Answer = (http, _) =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
        };

        var rest = await ApproveAndReadAsync(bench);

        var last = rest.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal));
        var error = JsonDocument.Parse(last[6..]).RootElement;
        Assert.Equal(1, error.GetProperty("id").GetInt32());
        Assert.Contains(
            said, error.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_the_server_breaks_off_ends_with_an_error_for_the_call()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        var breakOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"passed\":1}\n\ndata: {\"jsonrpc\"");
            await http.Response.Body.FlushAsync();
            await breakOff.Task;
            http.Abort();
        };
        using var response = await OpenAsync(bench, Progress);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));
        while (!(await EventAsync(reader))!.Value.TryGetProperty("passed", out _))
        {
        }

        breakOff.SetResult();

        var rest = await reader.ReadToEndAsync();
        Assert.Contains("\"error\"", rest, StringComparison.Ordinal);
        Assert.Contains("may have been executed", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("data: {\"jsonrpc\"\n", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluates_a_pending_call_again_with_the_current_policy()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        var call = bench.CallAsync();
        var id = Assert.Single(await bench.OpenAsync(1));
        await ReconfigureAsync(bench, text => text.Replace(
            "\"action\": \"approve\"", "\"action\": \"deny\"", StringComparison.Ordinal)
            .Replace("\"approval\": { \"expires\": \"15m\", \"wait\": \"60s\" }", "\"mode\": \"enforce\"",
                StringComparison.Ordinal));

        await bench.ApproveAsync(id);

        var decision = ApprovalBench.Decision(await call);
        Assert.Equal("denied", decision.GetProperty("outcome").GetString());
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Ends_a_held_call_with_its_grant()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s");
        var call = bench.CallAsync();
        await bench.OpenAsync(1);

        await ReconfigureAsync(bench, text => text.Replace("\"agent\":", "\"renamed\":", StringComparison.Ordinal)
            .Replace(TestTokens.Agent, "pgw_another_token_0123456", StringComparison.Ordinal));

        var answer = await call.WaitAsync(Soon.AtMost);
        Assert.True(answer.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Does_not_hold_up_a_shutdown()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "600s");
        var call = bench.CallAsync();
        await bench.OpenAsync(1);

        await bench.Gateway.DisposeHostAsync().AsTask().WaitAsync(Soon.AtMost);

        Assert.Equal(
            "approval_required", ApprovalBench.Decision(await call).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Keeps_the_request_of_an_agent_that_left_and_records_that_it_waits()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "600s");
        using var leaves = new CancellationTokenSource();
        using var request = Request(bench, "{}", isStateless: false);
        var call = bench.Gateway.Client.SendAsync(request, leaves.Token);
        var id = Assert.Single(await bench.OpenAsync(1));

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await bench.RestartAsync();
        await bench.ApproveAsync(id);

        Assert.True(ApprovalBench.IsDone(await bench.CallAsync()));
        Assert.Contains(bench.Gateway.AuditRecords(), record =>
            record.GetProperty("kind").GetString() == "decision"
            && record.GetProperty("outcome").GetString() == "approval_required");
    }

    private static async Task<string> ApproveAndReadAsync(ApprovalBench bench)
    {
        using var response = await OpenAsync(bench, Progress);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));
        return await reader.ReadToEndAsync();
    }

    private static async Task ReconfigureAsync(ApprovalBench bench, Func<string, string> change)
    {
        var path = bench.Gateway.ConfigPath;
        await File.WriteAllTextAsync(path, change(await File.ReadAllTextAsync(path)));
        Assert.True(await bench.Gateway.Host.ReloadAsync(CancellationToken.None));
    }

    private static HttpRequestMessage Request(ApprovalBench bench, string meta, bool isStateless)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, bench.Gateway.Endpoint)
        {
            Content = new StringContent(
                ApprovalBench.Body("""{"amount":5}""", meta), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (!isStateless)
            return request;
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "refund");
        return request;
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        ApprovalBench bench, string meta, bool isStateless = false)
    {
        using var request = Request(bench, meta, isStateless);
        return await bench.Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<JsonElement?> EventAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line[6..]).RootElement;
        }

        return null;
    }

    private static async Task<JsonElement> LastAsync(StreamReader reader)
    {
        var last = default(JsonElement);
        while (await EventAsync(reader) is { } next)
            last = next;
        return last;
    }
}
