namespace Gateway.Server.Tests.Memory;

/// <summary>One request over a connection of its own, sent as an attacker sends it: as far as it is taken.</summary>
internal sealed class Flood : IDisposable
{
    private static readonly byte[] WhiteSpace = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));

    private readonly string _token;
    private readonly NetworkStream _stream;

    private Flood(string token, NetworkStream stream) => (_token, _stream) = (token, stream);

    public static async Task<Flood> OpenAsync(Uri address, string token = TestTokens.Agent)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        return new Flood(token, new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Begins a message without a known end and sends so much white space of it.</summary>
    public async Task PourAsync(int bytes)
    {
        await HeadAsync("Transfer-Encoding: chunked");
        for (var sent = 0; sent < bytes; sent += WhiteSpace.Length)
        {
            await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{WhiteSpace.Length:x}\r\n"));
            await _stream.WriteAsync(WhiteSpace);
            await _stream.WriteAsync("\r\n"u8.ToArray());
        }
    }

    /// <summary>Promises a message of so many bytes, and sends a few of them.</summary>
    public async Task BeginAsync(int promised)
    {
        await HeadAsync($"Content-Length: {promised}");
        await _stream.WriteAsync(WhiteSpace);
    }

    /// <summary>Sends a whole message.</summary>
    public async Task SendAsync(byte[] body)
    {
        await HeadAsync($"Content-Length: {body.Length}");
        await _stream.WriteAsync(body);
    }

    /// <summary>The status of the answer; 0 where the connection ended without one.</summary>
    public async Task<int> StatusAsync()
    {
        var line = await new StreamReader(_stream, Encoding.ASCII).ReadLineAsync().WaitAsync(Soon.AtMost);
        return line?.Split(' ') is [_, var status, ..] ? int.Parse(status) : 0;
    }

    /// <summary>The same of all that is sent by <paramref name="send"/>; a reset on the way is none.</summary>
    public static async Task<int> StatusAsync(Uri address, Func<Flood, Task> send, string token = TestTokens.Agent)
    {
        using var flood = await OpenAsync(address, token);
        try
        {
            await send(flood);
        }
        catch (IOException)
        {
            // It was answered before it was sent, and may have been told why.
        }

        try
        {
            return await flood.StatusAsync();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task HeadAsync(string length) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(
        $"POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_token}\r\n"
        + "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
        + $"{length}\r\n\r\n"));
}
