namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>The connections that one grant holds to a server; owned by <see cref="ConnectionPlaces"/>.</summary>
internal sealed class ConnectionShare(string caller)
{
    public string Caller => caller;

    public int Open { get; set; }

    /// <summary>The requests that wait for a place, in order.</summary>
    public LinkedList<TaskCompletionSource<ConnectionPlace>> Waiting { get; } = new();
}
