namespace Gateway.TestHarness.Postgres;

/// <summary>A TCP proxy between a store and its server that can lose data.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly IPAddress _host;
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile int _target;
    private readonly Task _accepting;
    private volatile ProxyMode _mode;
    private int _accepted;

    /// <param name="target">The port of the server, on this machine.</param>
    /// <param name="listen">An address of this machine; null for loopback.</param>
    /// <param name="host">The address of the server; null for loopback.</param>
    public TcpProxy(int target, IPAddress? listen = null, IPAddress? host = null)
    {
        _host = host ?? IPAddress.Loopback;
        _listener = new TcpListener(listen ?? IPAddress.Loopback, 0);
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The number of accepted connections.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>
    /// The present mode. A connection that has lost data stays in that state, because a gap in a stream cannot heal.
    /// </summary>
    public ProxyMode Mode
    {
        get => _mode;
        set => _mode = value;
    }

    /// <summary>The port of the server for new connections.</summary>
    public int Target
    {
        set => _target = value;
    }

    /// <summary>Breaks every open connection.</summary>
    public void CutAll()
    {
        while (_sockets.TryTake(out var socket)) socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                if (_mode == ProxyMode.Refuse) client.Dispose();
                else _ = RelayAsync(client);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                return;
            }
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(client);
        _sockets.Add(server);
        try
        {
            await server.ConnectAsync(_host, _target, _stop.Token);
            (client.NoDelay, server.NoDelay) = (true, true);
            await Task.WhenAny(
                PumpAsync(client, server, ProxyMode.LoseAll), PumpAsync(server, client, ProxyMode.LoseReplies));
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // Stopped, or the server is gone: the client sees the same as from the server itself.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    /// <summary>Forwards data until the mode loses this direction, and loses everything from that byte on.</summary>
    private async Task PumpAsync(Socket from, Socket to, ProxyMode losesFrom)
    {
        var buffer = new byte[65_536];
        var isLost = false;
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) is > 0 and var count)
            {
                var mode = _mode;
                isLost |= mode == ProxyMode.LoseAll || (mode == ProxyMode.LoseReplies && losesFrom == mode);
                if (!isLost) await to.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, _stop.Token);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side is gone; the caller closes the other.
        }
    }

    private static bool IsEnd(Exception exception) =>
        exception is OperationCanceledException or SocketException or ObjectDisposedException;
}
