using Microsoft.AspNetCore.Connections;

namespace Gateway.Hosting.Draining;

/// <summary>The connections that clients hold now, and when one of them last came or was used.</summary>
internal sealed class OpenConnections(TimeProvider time)
{
    private int _count;
    private long _lastUse = time.GetTimestamp();

    public int Count => Volatile.Read(ref _count);

    /// <summary>Since when no connection came and, while the gateway drains, none was used.</summary>
    public TimeSpan Quiet => time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>Counts a connection from its acceptance on until its socket is done.</summary>
    public void Enter(ConnectionContext connection)
    {
        Used();
        Interlocked.Increment(ref _count);
        connection.ConnectionClosed.UnsafeRegister(
            static all => Interlocked.Decrement(ref ((OpenConnections)all!)._count), this);
    }

    public void Used() => Volatile.Write(ref _lastUse, time.GetTimestamp());
}
