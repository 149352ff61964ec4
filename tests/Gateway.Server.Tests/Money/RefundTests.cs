using System.IO.Compression;

namespace Gateway.Server.Tests.Money;

/// <summary>Every way in which a call can end, and whether what it cost is given back.</summary>
public sealed class RefundTests
{
    private const string Failure = """{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no"}}""";
    private const string ToolFailure = """{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}""";
    private const string Success = """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""";

    private const string StatelessCall = """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{"amount":100},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
        """;

    [Theory]
    [InlineData(200, Failure, false, false)]
    [InlineData(200, ToolFailure, false, false)]
    [InlineData(200, Failure, true, false)]
    [InlineData(200, ToolFailure, true, false)]
    [InlineData(200, Failure, false, true)]
    [InlineData(200, ToolFailure, true, true)]
    [InlineData(404, "gone", false, false)]
    [InlineData(500, Success, false, false)]
    [InlineData(503, "", true, false)]
    [InlineData(401, "", false, false)]
    public async Task Gives_back_what_an_error_answer_cost_before_the_agent_can_call_again(
        int status, string text, bool isGzip, bool isEvents)
    {
        await using var cap = await SpendCap.StartAsync();
        cap.Server.Answer = (http, _) => AnswerAsync(http, status, text, isGzip, isEvents);

        for (var i = 0; i < 10; i++)
            Assert.True(await cap.PaysAsync("100"), $"call {i}");

        cap.Server.Answer = (http, _) => AnswerAsync(http, 200, Success, isGzip: false, isEvents: false);
        Assert.True(await cap.PaysAsync("100"));
        Assert.False(await cap.PaysAsync("1"));
    }

    [Theory]
    [InlineData(200, Success, false, false)]
    [InlineData(200, Success, true, true)]
    [InlineData(202, "", false, false)]
    [InlineData(307, "", false, false)]
    [InlineData(200, "no JSON at all", false, false)]
    [InlineData(200, """{"result":{"text":"\"isError\":true"}}""", false, false)]
    public async Task Counts_a_call_that_did_not_end_in_an_error(int status, string text, bool isGzip, bool isEvents)
    {
        await using var cap = await SpendCap.StartAsync();
        cap.Server.Answer = (http, _) => AnswerAsync(http, status, text, isGzip, isEvents);

        Assert.True(await cap.PaysAsync("100"));

        Assert.False(await cap.PaysAsync("1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":""")]
    public async Task Counts_a_call_whose_answer_was_lost(string half)
    {
        await using var cap = await SpendCap.StartAsync();
        cap.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(half);
            if (half.Length > 0)
                await http.Response.Body.FlushAsync();
            http.Abort();
        };

        Assert.True(await cap.PaysAsync("100"));

        Assert.False(await cap.PaysAsync("1"));
    }

    [Fact]
    public async Task Counts_a_stream_that_broke_off_before_its_error_was_whole()
    {
        await using var cap = await SpendCap.StartAsync();
        cap.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: " + Failure + "\n");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };

        Assert.True(await cap.PaysAsync("100"));

        Assert.False(await cap.PaysAsync("1"));
    }

    [Fact]
    public async Task Counts_an_answer_in_an_encoding_that_it_cannot_read()
    {
        await using var cap = await SpendCap.StartAsync();
        cap.Server.Answer = (http, _) =>
        {
            http.Response.Headers.ContentEncoding = "zstd";
            return RecordingServer.JsonAsync(http, Failure);
        };

        Assert.True(await cap.PaysAsync("100"));

        Assert.False(await cap.PaysAsync("1"));
    }

    [Fact]
    public async Task Counts_a_call_that_its_agent_cancelled()
    {
        await using var cap = await SpendCap.StartAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cap.Server.Answer = async (http, _) =>
        {
            http.RequestAborted.Register(aborted.SetResult);
            arrived.SetResult();
            await aborted.Task;
        };
        using var leaves = new CancellationTokenSource();
        using var request = Stateless(cap.Gateway.Endpoint);
        var call = cap.Gateway.Client.SendAsync(request, leaves.Token);
        await arrived.Task;

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await aborted.Task;

        Assert.False(await cap.PaysAsync("1"));
        await cap.Gateway.DisposeHostAsync();
        var outcome = Assert.Single(
            cap.Gateway.AuditRecords(), record => record.GetProperty("kind").GetString() == "outcome");
        Assert.Equal("client gone", outcome.GetProperty("ended").GetString());
        Assert.Equal("counted", outcome.GetProperty("counted").GetString());
    }

    [Fact]
    public async Task Gives_back_a_call_of_which_no_byte_was_written()
    {
        await using var gateway = await TestGateway.StartAsync("http://127.0.0.1:1/mcp", """
            { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
              { "counter": "spent", "window": "month", "max": 100, "increment_from": "args.amount", "refund_on_error": false } ] } } }
            """);

        for (var i = 0; i < 3; i++)
        {
            using var response = await gateway.PostAsync(SpendCap.Body("100"));
            Assert.Equal(502, (int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData("\"increment_from\": \"args.amount\"", true)]
    [InlineData("\"increment_from\": \"args.amount\", \"refund_on_error\": false", false)]
    [InlineData("\"increment\": 100", false)]
    [InlineData("\"increment\": \"100.00\", \"refund_on_error\": true", true)]
    public async Task Refunds_a_cost_from_an_argument_by_default(string counted, bool isRefunded)
    {
        await using var cap = await SpendCap.StartAsync(
            $$"""{ "counter": "spent", "window": "month", "max": 100, {{counted}} }""");
        cap.Server.Answer = (http, _) => AnswerAsync(http, 200, ToolFailure, isGzip: false, isEvents: false);

        await cap.PayAsync("100");

        Assert.Equal(isRefunded, await cap.PaysAsync("100"));
    }

    [Fact]
    public async Task Refunds_one_limit_of_a_call_and_keeps_the_other()
    {
        await using var cap = await SpendCap.StartAsync("""
            { "counter": "calls", "window": "month", "max": 3 },
            { "counter": "spent", "window": "month", "max": 100, "increment_from": "args.amount" }
            """);
        cap.Server.Answer = (http, _) => AnswerAsync(http, 200, Failure, isGzip: false, isEvents: true);

        for (var i = 0; i < 3; i++)
            Assert.True(await cap.PaysAsync("100"));

        Assert.Equal("/tools/pay/limits/0", (await cap.RefusalAsync("1")).GetProperty("rule").GetString());
    }

    private static async Task AnswerAsync(HttpContext http, int status, string text, bool isGzip, bool isEvents)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = isEvents ? "text/event-stream" : "application/json";
        if (status == 307)
            http.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
        var body = Encoding.UTF8.GetBytes(isEvents ? $"event: message\ndata: {text}\n\n" : text);
        if (isGzip)
        {
            http.Response.Headers.ContentEncoding = "gzip";
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionMode.Compress))
                gzip.Write(body);
            body = packed.ToArray();
        }

        await http.Response.Body.WriteAsync(body);
    }

    private static HttpRequestMessage Stateless(Uri endpoint)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new StringContent(
                StatelessCall, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "pay");
        return request;
    }
}
