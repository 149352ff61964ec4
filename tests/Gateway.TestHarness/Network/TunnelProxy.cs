namespace Gateway.TestHarness.Network;

/// <summary>
/// An HTTP proxy on loopback that opens tunnels and records their targets. It reaches every target at 127.0.0.1, on the
/// port that was requested.
/// </summary>
public sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly Func<string, string?> _refusal;
    private readonly Task _running;

    /// <param name="refusal">
    /// The reply for a target such as <c>203.0.113.5:443</c>; null opens the tunnel. If absent, every tunnel is opened.
    /// </param>
    public TunnelProxy(Func<string, string?>? refusal = null)
    {
        _refusal = refusal ?? (static _ => null);
        _listener.Start();
        _running = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The whole head of each request, in order.</summary>
    public IReadOnlyList<string> Heads => [.. _heads];

    /// <summary>The target of each request, in order.</summary>
    public IReadOnlyList<string> Targets => [.. _heads.Select(static head => head.Split(' ')[1])];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _running;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            while (!_end.IsCancellationRequested)
                tunnels.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }

        await Task.WhenAll(tunnels);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side closed its connection.
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
                return;
            head.Append((char)one[0]);
        }

        _heads.Enqueue(head.ToString());
        var target = head.ToString().Split(' ')[1];
        if (_refusal(target) is { } reply)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply), _end.Token);
            return;
        }

        using var onward = new TcpClient();
        await onward.ConnectAsync(
            IPAddress.Loopback, int.Parse(target[(target.LastIndexOf(':') + 1)..]), _end.Token);
        await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _end.Token);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        await Task.WhenAny(
            stream.CopyToAsync(onward.GetStream(), either.Token), onward.GetStream().CopyToAsync(stream, either.Token));
        await either.CancelAsync();
    }
}
