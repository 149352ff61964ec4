namespace Gateway.TestHarness.Gateways;

/// <summary>A TCP server that sends given bytes exactly, for responses that no correct server sends.</summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public RawServer(Func<string, NetworkStream, Task> answer)
    {
        _listener.Start();
        _accepting = AcceptAsync(answer);
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mcp");

    public int Connections => Volatile.Read(ref _connections);

    public static RawServer Saying(string text) => new(async (_, stream) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<string, NetworkStream, Task> answer)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client, answer);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, Func<string, NetworkStream, Task> answer)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await answer(await ReadRequestAsync(stream), stream);
            }
            catch (IOException)
            {
            }
        }
    }

    /// <summary>Reads one request, with its body if it has a length.</summary>
    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var seen = text.ToString();
            var head = seen.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && seen.Length >= head + 4 + LengthOf(seen[..head]))
                return seen;
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
                return seen;
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    private static int LengthOf(string head)
    {
        var line = head.Split("\r\n").FirstOrDefault(
            l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return line is null ? 0 : int.Parse(line["Content-Length:".Length..]);
    }
}
