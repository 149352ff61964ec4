using System.Net.Sockets;

namespace Gateway.LoadTests.Streams;

/// <summary>A client's end of a silent stream: only a socket.</summary>
internal sealed class IdleStream : IDisposable
{
    private const int HeadBytesMax = 4096;

    private readonly Socket _socket;

    private IdleStream(Socket socket) => _socket = socket;

    /// <summary>Opens a stream, and returns when its head has arrived.</summary>
    /// <exception cref="InvalidOperationException">
    /// The gateway refused it; the message contains the response.
    /// </exception>
    public static async Task<IdleStream> OpenAsync(
        IPEndPoint target, string path, string token, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(target, cancellationToken);
            await socket.SendAsync(Request(path, token), cancellationToken);
            var (head, length) = (new byte[HeadBytesMax], 0);
            while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                var count = await socket.ReceiveAsync(head.AsMemory(length), cancellationToken);
                if (count == 0)
                    throw new InvalidOperationException("The stream was closed before its head.");
                length += count;
            }

            if (!head.AsSpan().StartsWith("HTTP/1.1 200"u8))
                throw new InvalidOperationException(Encoding.UTF8.GetString(head, 0, length));
            return new IdleStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Request(string path, string token) => Encoding.ASCII.GetBytes(string.Join(
        "\r\n",
        $"GET {path} HTTP/1.1",
        "Host: localhost",
        "Accept: text/event-stream",
        "MCP-Protocol-Version: 2025-06-18",
        $"Authorization: Bearer {token}",
        "\r\n"));
}
