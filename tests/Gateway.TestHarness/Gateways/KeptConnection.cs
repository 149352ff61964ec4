namespace Gateway.TestHarness.Gateways;

/// <summary>
/// One HTTP/1.1 connection of a client that keeps it as long as the server allows, and never sends a call twice. It
/// exposes the errors that client libraries hide by checks and retries.
/// </summary>
public sealed class KeptConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];

    private KeptConnection(Socket socket) => _socket = socket;

    /// <summary>True after a response announced the end of the connection.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Connects; returns null if nothing listens, so that nothing can have been lost.</summary>
    public static async Task<KeptConnection?> TryOpenAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
            return new KeptConnection(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Posts a message as the test grant and returns the whole response, head and body.</summary>
    /// <exception cref="SocketException">The connection was reset.</exception>
    /// <exception cref="EndOfStreamException">The connection was closed before the response was complete.</exception>
    public async Task<string> PostAsync(string message)
    {
        var request = $"POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestTokens.Agent}\r\n"
            + "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(message)}\r\n\r\n{message}";
        await _socket.SendAsync(Encoding.UTF8.GetBytes(request));
        var answer = "";
        while (!IsWhole(answer))
        {
            var count = await _socket.ReceiveAsync(_buffer);
            if (count == 0)
                throw new EndOfStreamException($"The connection was closed after {answer.Length} bytes of an answer.");
            answer += Encoding.UTF8.GetString(_buffer, 0, count);
        }

        IsOver = answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase);
        return answer;
    }

    /// <summary>Waits for the server to close the connection.</summary>
    /// <returns>The number of bytes received instead: 0 for an orderly end.</returns>
    public async Task<int> EndAsync() => await _socket.ReceiveAsync(_buffer);

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
            return false;
        const string Name = "Content-Length: ";
        var at = answer.IndexOf(Name, 0, head, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        var end = answer.IndexOf('\r', at);
        var length = int.Parse(answer.AsSpan(at + Name.Length, end - at - Name.Length), CultureInfo.InvariantCulture);
        return answer.Length >= head + 4 + length;
    }
}
