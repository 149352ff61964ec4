namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>What one grant holds of a server's connections; its <see cref="ConnectionPlaces"/> owns it.</summary>
internal sealed class ConnectionShare(string caller)
{
    public string Caller => caller;

    public int Open { get; set; }

    /// <summary>Requests that wait for a place, the first at the head.</summary>
    public LinkedList<TaskCompletionSource<ConnectionPlace>> Waiting { get; } = new();
}
