using System.Buffers.Binary;
using System.Net.Security;

namespace Gateway.Server.Tests.Edge;

/// <summary>Requests with a token that is too long, and with other headers that are.</summary>
public sealed class LongHeaderTests : IAsyncLifetime, IDisposable
{
    private const int TokenMax = 32 * 1024;
    private const int FloodBytes = 32 * 1024 * 1024;
    private readonly TestFolder _folder = new("gateway-headers-");
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;
    private HttpClient _client = null!;

    public static TheoryData<string> Versions => ["1.1", "2.0"];

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var certificate = new TestCertificate(_folder.Path);
        certificate.Write("localhost");
        _gateway = await GatewayProcess.StartProgramAsync(
            new GatewayPlace(), Programs.Gateway,
            [
                "run", "--config",
                TestConfig.Write(_folder.Path, _server.Url, """{ "version": "1", "default": "allow" }"""),
                "--data", Path.Combine(_folder.Path, "data"), "--listen", "https://127.0.0.1:0",
                "--tls-cert", certificate.Certificate, "--tls-key", certificate.Key,
            ],
            1);
        _client = new HttpClient(TestCertificate.Handler()) { BaseAddress = _gateway.Address };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_token_that_is_too_long_is_refused_with_a_challenge_and_a_log_line(string version)
    {
        foreach (var (header, scheme) in ((string, string)[])[("Authorization", "Bearer "), ("X-API-Key", "")])
        {
            foreach (var (size, reason) in ((int, string)[])
                [(TokenMax, "belongs to no grant"), (TokenMax + 1, "more than 32768"), (96 * 1024, "more than 32768")])
            {
                var token = scheme + "eyJ." + new string('a', size - scheme.Length - 4);
                var (status, text, challenge) = await SendAsync(version, (header, token));

                Assert.Equal((401, "Bearer error=\"invalid_token\""), (status, challenge));
                Assert.Contains(reason, text, StringComparison.Ordinal);
            }
        }

        var (after, _, _) = await SendAsync(version, ("Authorization", $"Bearer {TestTokens.Agent}"));
        Assert.Equal(200, after);
        Assert.Single(_server.Requests);
        await Soon.UntilAsync(
            () => _gateway.Errors.Contains("rejected an agent at 127.0.0.1: the token has more than 32768 characters"),
            "the reason is in the log");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Other_headers_together_have_the_bound_that_they_had(string version)
    {
        var agent = ("Authorization", $"Bearer {TestTokens.Agent}");
        string half = new('a', 15 * 1024);

        var (within, _, _) = await SendAsync(version, agent, ("Mcp-Param-A", half), ("Mcp-Param-B", half));
        var (beside, _, _) = await SendAsync(
            version, ("Authorization", new string('a', TokenMax)), ("Mcp-Param-A", half), ("Mcp-Param-B", half));
        var (above, text, _) = await SendAsync(
            version, agent, ("Mcp-Param-A", half), ("Mcp-Param-B", half), ("Mcp-Param-C", half));

        Assert.Equal((200, 401, 431), (within, beside, above));
        Assert.Equal("The headers have more than 32768 characters.\n", text);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_long_token_at_an_address_of_no_agent_is_refused(string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/livez")
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Authorization", new string('a', TokenMax + 1));

        using var response = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData(200 * 1024)]
    [InlineData(FloodBytes)]
    public async Task Headers_far_above_the_bound_end_with_431_before_they_are_read(int size)
    {
        await using var stream = await ConnectAsync(SslApplicationProtocol.Http11);
        await stream.WriteAsync("POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "u8.ToArray());

        var sent = await FloodAsync(stream, size, static bytes => bytes);

        Assert.InRange(sent, 0, FloodBytes / 2);
        var status = await StatusAsync(stream);
        Assert.True(status is null or "HTTP/1.1 431 Request Header Fields Too Large", status);
        Assert.Equal(200, (await SendAsync("1.1", ("Authorization", $"Bearer {TestTokens.Agent}"))).Status);
    }

    /// <summary>Returns the first line; null if the connection is reset while the client still writes.</summary>
    private static async Task<string?> StatusAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        try
        {
            return await reader.ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }

    [Fact]
    public async Task Headers_far_above_the_bound_end_an_HTTP_2_connection_before_they_are_read()
    {
        await using var stream = await ConnectAsync(SslApplicationProtocol.Http2);
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await stream.WriteAsync(Frame(type: 4, flags: 0, []));
        // HPACK: POST, https, a path, and a value of Authorization of 64 MiB as literals (RFC 7541, 5.1 and 6.2.2).
        byte[] head =
        [
            0x83, 0x87, 0x04, 8, .. "/mcp/srv"u8, 0x01, 9, .. "localhost"u8, 0x0f, 8,
            0x7f, 0x81, 0xff, 0xff, 0x1f,
        ];
        await stream.WriteAsync(Frame(type: 1, flags: 0, head));

        var sent = await FloodAsync(stream, FloodBytes, static bytes => Frame(type: 9, flags: 0, bytes));

        Assert.InRange(sent, 0, FloodBytes / 2);
        Assert.Equal(200, (await SendAsync("2.0", ("Authorization", $"Bearer {TestTokens.Agent}"))).Status);
    }

    /// <summary>Sends header bytes until the gateway closes the connection, and returns how many it took.</summary>
    private static async Task<int> FloodAsync(Stream stream, int size, Func<byte[], byte[]> framed)
    {
        var bytes = framed([.. Enumerable.Repeat((byte)'a', 16 * 1024)]);
        using var limit = new CancellationTokenSource(Soon.AtMost);
        var sent = 0;
        try
        {
            for (; sent < size; sent += bytes.Length)
                await stream.WriteAsync(bytes, limit.Token);
        }
        catch (IOException)
        {
            // The gateway closed the connection.
        }

        return sent;
    }

    private async Task<SslStream> ConnectAsync(SslApplicationProtocol protocol)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 64 * 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, _gateway.Address.Port);
        var stream = new SslStream(
            new NetworkStream(socket, ownsSocket: true), false,
            static (_, _, _, errors) => TestCertificate.IsForHere(errors));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [protocol],
        });
        return stream;
    }

    /// <summary>A frame of the first stream, or of the connection (RFC 9113, 4.1).</summary>
    private static byte[] Frame(byte type, byte flags, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4], frame[8]) = (type, flags, type == 4 ? (byte)0 : (byte)1);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private async Task<(int Status, string Text, string Challenge)> SendAsync(
        string version, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/srv")
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"ping"}""", new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Headers.WwwAuthenticate.ToString());
    }
}
