using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.Draining;

/// <summary>The connections that clients hold now, and when one of them last came or was used.</summary>
internal sealed class OpenConnections(TimeProvider time)
{
    /// <summary>Closed connections whose address is kept: the web server logs about some after their end.</summary>
    private const int ClosedMax = 1024;

    private readonly ConcurrentDictionary<string, IPAddress?> _peers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _closed = new();
    private int _count;
    private long _lastUse = time.GetTimestamp();

    public int Count => Volatile.Read(ref _count);

    /// <summary>Since when no connection came and, while the gateway drains, none was used.</summary>
    public TimeSpan Quiet => time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>Counts a connection from its acceptance on until its socket is done.</summary>
    public void Enter(ConnectionContext connection)
    {
        Used();
        var id = connection.ConnectionId;
        _peers[id] = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        Interlocked.Increment(ref _count);
        connection.ConnectionClosed.UnsafeRegister(_ => Leave(id), null);
    }

    /// <summary>
    /// The address at the other end of a connection that is open or was closed lately; null where it is not known.
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
