using System.IO.Compression;

namespace Gateway.Upstreams.Tests.Relay;

public class ResponseRelayTests
{
    private const string List = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"},{"name":"x"}]}}""";
    private const string Filtered = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}}""";

    private static readonly RelayPlan Lists = new() { ListFilter = new HidingListFilter("x"), ServerName = "afip" };

    [Fact]
    public async Task Passes_status_body_and_plain_headers_and_keeps_the_server_s_own_ones()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            var headers = context.Response.Headers;
            context.Response.StatusCode = 202;
            headers["Mcp-Session-Id"] = "s-1";
            headers["Cache-Control"] = "no-store";
            headers["X-Own"] = "1";
            headers["Set-Cookie"] = "a=b";
            headers["Server"] = "own/1";
            headers["Connection"] = "X-Hop";
            headers["X-Hop"] = "1";
            headers["Access-Control-Allow-Origin"] = "*";
            headers["X-Accel-Buffering"] = "yes";
            await context.Response.WriteAsync("accepted");
        });
        await using var front = await RelayFront.StartAsync(server.Url, RelayPlan.PassThrough);

        using var answer = await front.PostAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("accepted", await answer.Content.ReadAsStringAsync());
        Assert.Equal("s-1", answer.Headers.GetValues("Mcp-Session-Id").Single());
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("1", answer.Headers.GetValues("X-Own").Single());
        foreach (var dropped in new[] { "Set-Cookie", "X-Hop", "Access-Control-Allow-Origin" })
            Assert.False(answer.Headers.Contains(dropped), dropped);
        Assert.DoesNotContain("own/1", answer.Headers.Server.ToString(), StringComparison.Ordinal);
        Assert.Equal(new RelayOutcome(202, false, 8, RelayEnd.Completed, IsAnswered: true), await front.Outcome);
    }

    [Fact]
    public async Task Seals_the_server_s_session_id()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "s-1";
            return Task.CompletedTask;
        });
        var plan = new RelayPlan { SealSession = id => "sealed-" + id };
        await using var front = await RelayFront.StartAsync(server.Url, plan);

        using var answer = await front.PostAsync();

        Assert.Equal("sealed-s-1", answer.Headers.GetValues("Mcp-Session-Id").Single());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(503)]
    public async Task Passes_the_server_s_own_error_byte_for_byte(int status)
    {
        const string Body = "{ not json, whatever }\r\n";
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync(Body);
        });
        var ends = new List<bool>();
        await using var front = await RelayFront.StartAsync(server.Url, Lists with { BeforeEnd = OnEnd(ends) });

        Assert.Equal(((HttpStatusCode)status, Body), await front.PostTextAsync());
        Assert.True((await front.Outcome).IsError);
        Assert.Equal([true], ends);
    }

    [Theory]
    [InlineData(401, "credential")]
    [InlineData(407, "credential")]
    [InlineData(302, "redirect")]
    [InlineData(308, "redirect")]
    public async Task Answers_502_for_what_is_meant_for_the_gateway_itself(int status, string word)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.WWWAuthenticate = "Bearer resource_metadata=x";
            context.Response.Headers.Location = "http://elsewhere/";
            return context.Response.WriteAsync("secret");
        });
        var plan = new RelayPlan { ServerName = "afip", RequestId = "7"u8.ToArray() };
        await using var front = await RelayFront.StartAsync(server.Url, plan);

        using var answer = await front.PostAsync();
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.StartsWith("""{"jsonrpc":"2.0","id":7,"error":{"code":-32603,""", body, StringComparison.Ordinal);
        Assert.Contains("afip", body, StringComparison.Ordinal);
        Assert.Contains(word, body, StringComparison.Ordinal);
        Assert.Empty(answer.Headers.WwwAuthenticate);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task Filters_a_json_list()
    {
        await using var server = await Json(List);
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        using var answer = await front.PostAsync();

        Assert.Equal(Filtered, await answer.Content.ReadAsStringAsync());
        Assert.Equal(Filtered.Length, answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    public async Task Filters_a_list_that_comes_compressed_all_the_same(string encoding)
    {
        await using var server = await Encoded(encoding, List);
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        using var answer = await front.PostAsync();

        Assert.Equal(Filtered, await answer.Content.ReadAsStringAsync());
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip, gzip")]
    [InlineData("x")]
    public async Task Answers_502_for_a_list_in_an_unknown_encoding(string encoding)
    {
        await using var server = await Json(List, encoding);
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        Assert.Equal(HttpStatusCode.BadGateway, (await front.PostTextAsync()).Status);
        Assert.Equal(RelayEnd.Refused, (await front.Outcome).End);
    }

    [Theory]
    [InlineData("gzip", "not gzip")]
    [InlineData("br", "not brotli")]
    public async Task Answers_502_for_a_list_whose_encoding_is_damaged(string encoding, string body)
    {
        await using var server = await Json(body, encoding);
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        Assert.Equal(HttpStatusCode.BadGateway, (await front.PostTextAsync()).Status);
    }

    [Theory]
    [InlineData("application/json", "not json")]
    [InlineData("text/html", "<html>")]
    [InlineData("application/json", "{\"result\":{\"tools\":{\"x\":1}}}")]
    public async Task Responds_502_for_a_list_that_cannot_be_filtered(string contentType, string body)
    {
        await using var server = await Json(body, contentType: contentType);
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        Assert.Equal(HttpStatusCode.BadGateway, (await front.PostTextAsync()).Status);
    }

    [Fact]
    public async Task Passes_a_compressed_answer_that_nobody_has_to_read_as_it_is()
    {
        await using var server = await Encoded("gzip", "hello");
        await using var front = await RelayFront.StartAsync(server.Url, RelayPlan.PassThrough);

        using var answer = await front.PostAsync();
        await using var body = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(body);

        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal("hello", await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}""", true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"m"}}""", true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"isError":true}],"isError":false}}""", false)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", false)]
    public async Task Says_whether_the_answer_is_an_error_before_its_end_passes(string body, bool isError)
    {
        foreach (var encoding in new[] { "identity", "gzip" })
        {
            await using var server = await Encoded(encoding, body);
            var ends = new List<bool>();
            var plan = new RelayPlan { RequestId = "1"u8.ToArray(), BeforeEnd = OnEnd(ends) };
            await using var front = await RelayFront.StartAsync(server.Url, plan);

            Assert.Equal((HttpStatusCode.OK, body), await front.PostTextAsync());
            Assert.Equal([isError], ends);
            Assert.Equal(isError, (await front.Outcome).IsError);
        }
    }

    [Fact]
    public async Task Holds_the_end_of_an_answer_until_the_caller_is_done()
    {
        await using var server = await Json("""{"jsonrpc":"2.0","id":1,"error":{"code":1}}""");
        var refunded = new TaskCompletionSource();
        var ends = new TaskCompletionSource();
        var plan = new RelayPlan
        {
            BeforeEnd = async (_, _) =>
            {
                ends.SetResult();
                await refunded.Task;
            },
        };
        await using var front = await RelayFront.StartAsync(server.Url, plan);

        var posting = front.PostTextAsync();
        await ends.Task;
        Assert.False(posting.IsCompleted);
        refunded.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await posting).Status);
    }

    private static Func<bool, ReadOnlyMemory<byte>, ValueTask> OnEnd(List<bool> ends) => (isError, _) =>
    {
        ends.Add(isError);
        return ValueTask.CompletedTask;
    };

    private static Task<LoopbackServer> Json(
        string body, string? encoding = null, string contentType = "application/json") =>
        LoopbackServer.StartAsync(context =>
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.ContentEncoding = encoding;
            return context.Response.WriteAsync(body);
        });

    private static Task<LoopbackServer> Encoded(string encoding, string body) =>
        LoopbackServer.StartAsync(context => WriteEncodedAsync(context, encoding, body));

    private static async Task WriteEncodedAsync(HttpContext context, string encoding, string body)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = encoding;
        var bytes = Encoding.UTF8.GetBytes(body);
        foreach (var layer in encoding.Split(", "))
        {
            using var output = new MemoryStream();
            await using (Stream encoder = layer switch
            {
                "gzip" => new GZipStream(output, CompressionMode.Compress, leaveOpen: true),
                "deflate" => new ZLibStream(output, CompressionMode.Compress, leaveOpen: true),
                "br" => new BrotliStream(output, CompressionMode.Compress, leaveOpen: true),
                _ => new BufferedStream(output),
            })
            {
                encoder.Write(bytes);
                encoder.Flush();
                bytes = layer == "identity" ? output.ToArray() : bytes;
            }

            bytes = layer == "identity" ? bytes : output.ToArray();
        }

        await context.Response.Body.WriteAsync(bytes);
    }

    [Fact]
    public async Task A_client_that_closes_its_connection_once_it_has_the_whole_response_is_not_gone()
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 8;
            await context.Response.WriteAsync("accepted");
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        using var closed = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestAborted = closed.Token };
        context.Response.Body = new ClosingClient(closed);

        var answer = await upstream.SendAsync(UpstreamFixture.Post(), CancellationToken.None);
        var outcome = await ResponseRelay.CopyAsync(answer, context, RelayPlan.PassThrough, CancellationToken.None);

        Assert.True(closed.IsCancellationRequested);
        Assert.Equal(RelayEnd.Completed, outcome.End);
    }

    /// <summary>Closes its connection as soon as it was sent something.</summary>
    private sealed class ClosingClient(CancellationTokenSource closed) : MemoryStream
    {
        public override async Task FlushAsync(CancellationToken cancellationToken) => await closed.CancelAsync();
    }
}
