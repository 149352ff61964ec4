namespace Gateway.Upstreams.Tests.Http;

/// <summary>Requests that two HTTP readers may cut differently, at the gateway's door and towards a server.</summary>
public class SmugglingTests
{
    private const string Message = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    private const string Evil =
        "POST /evil HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nevil";

    public static TheoryData<string> Heads =>
    [
        $"Content-Length: {Message.Length}\r\nContent-Length: 0",
        $"Content-Length: {Message.Length}, {Message.Length}",
        $"Content-Length: +{Message.Length}",
        $"Content-Length : {Message.Length}",
        $"Content-Length: {Message.Length}\r\nTransfer-Encoding: chunked",
        $"Transfer-Encoding: chunked\r\nContent-Length: {Message.Length}",
        $"Transfer-Encoding: chunked, identity\r\nContent-Length: {Message.Length}",
        $"Transfer-Encoding: xchunked\r\nContent-Length: {Message.Length}",
        $"Transfer-Encoding : chunked\r\nContent-Length: {Message.Length}",
        $"Transfer-Encoding:\tchunked\r\nContent-Length: {Message.Length}",
        $"Content-Length: {Message.Length}\r\n folded: 1",
        $"X-A: 1\nContent-Length: 0\r\nContent-Length: {Message.Length}",
        $"Content-Length: {Message.Length}\r\nMcp-Param-A: 1\rX-Evil: 1",
        $"Content-Length: {Message.Length}\r\nConnection: Content-Length",
        $"Content-Length: {Message.Length}\r\nExpect: 100-continue",
        "Content-Length: 0",
        "Transfer-Encoding: chunked",
        "Content-Length: 99999999999999999999",
        "Content-Length: -1",
    ];

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task The_server_sees_exactly_the_bodies_that_the_gateway_read(string head)
    {
        var read = new ConcurrentQueue<string>();
        var sent = new ConcurrentQueue<string>();
        await using var server = new RawServer(async (text, stream) =>
        {
            sent.Enqueue(text);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray());
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        await using var front = await LoopbackServer.StartAsync(context => PassAsync(context, upstream, read));

        await SayAsync(front.Url, $"POST /mcp/a HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n{Message}{Evil}");

        var bodies = sent.Select(text => text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).Order();
        Assert.Equal(read.Order(), bodies);
        Assert.All(sent, text => Assert.Single(Lines(text), line => IsHeader(line, "Content-Length")));
        Assert.All(sent, text => Assert.StartsWith("POST /mcp HTTP/1.1\r\n", text, StringComparison.Ordinal));
        Assert.DoesNotContain(
            sent, text => Lines(text).Any(line => IsHeader(line, "Transfer-Encoding") || IsHeader(line, "X-Evil")));
    }

    [Theory]
    [InlineData("Mcp-Param-A", "1\r\nX-Evil: 1")]
    [InlineData("Mcp-Param-A", "1\nX-Evil: 1")]
    [InlineData("Mcp-Param-A", "1\0")]
    [InlineData("Mcp-Param-A:\r\nX-Evil", "1")]
    [InlineData("tracestate", "a\r\n\r\nPOST /evil HTTP/1.1")]
    [InlineData("Last-Event-ID", "é")]
    public async Task A_header_that_would_break_the_head_is_not_written(string name, string value)
    {
        var seen = "";
        await using var server = new RawServer(async (text, stream) =>
        {
            seen = text;
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        var headers = new HeaderDictionary { [name] = value };

        (await upstream.SendAsync(UpstreamFixture.Post(headers), default)).Dispose();

        Assert.DoesNotContain("evil", seen, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(Encoding.UTF8.GetString(UpstreamFixture.Body), seen, StringComparison.Ordinal);
    }

    private static async Task PassAsync(HttpContext context, HttpUpstream upstream, ConcurrentQueue<string> read)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        read.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        var request = new UpstreamRequest
        {
            Method = HttpMethod.Post,
            Body = body.ToArray(),
            ClientHeaders = context.Request.Headers,
            CallId = "c",
        };
        var answer = await upstream.SendAsync(request, context.RequestAborted);
        await ResponseRelay.CopyAsync(answer, context, RelayPlan.PassThrough, default);
    }

    private static bool IsHeader(string line, string name) =>
        line.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static string[] Lines(string request) => request.Split("\r\n\r\n")[0].Split("\r\n");

    private static async Task SayAsync(Uri url, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer) > 0)
            {
                // To the end, so that everything that would be served has been.
            }
        }
        catch (IOException)
        {
            // The gateway may cut a malformed connection off.
        }
    }
}
