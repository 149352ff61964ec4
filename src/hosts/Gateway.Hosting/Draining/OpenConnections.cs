using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.Draining;

/// <summary>The open connections of clients, and the last time that one of them came or was used.</summary>
internal sealed class OpenConnections(TimeProvider time)
{
    /// <summary>
    /// The number of closed connections whose address is kept: the web server logs about some after their end.
    /// </summary>
    private const int ClosedMax = 1024;

    private readonly ConcurrentDictionary<string, IPAddress?> _peers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _closed = new();
    private int _count;
    private long _lastUse = time.GetTimestamp();

    public int Count => Volatile.Read(ref _count);

    /// <summary>The time since a connection came or, while the gateway drains, one was used.</summary>
    public TimeSpan Quiet => time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>Counts a connection from its acceptance until its socket is closed.</summary>
    public void Enter(ConnectionContext connection)
    {
        Used();
        var id = connection.ConnectionId;
        _peers[id] = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        Interlocked.Increment(ref _count);
        connection.ConnectionClosed.UnsafeRegister(_ => Leave(id), null);
    }

    /// <summary>
    /// Returns the remote address of a connection that is open or was closed recently; null if it is unknown.
    /// </summary>
    public IPAddress? PeerOf(string connectionId) => _peers.GetValueOrDefault(connectionId);

    public void Used() => Volatile.Write(ref _lastUse, time.GetTimestamp());

    private void Leave(string id)
    {
        Interlocked.Decrement(ref _count);
        _closed.Enqueue(id);
        while (_closed.Count > ClosedMax && _closed.TryDequeue(out var oldest))
            _peers.TryRemove(oldest, out _);
    }
}
