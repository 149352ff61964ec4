namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>One of the connections to a server, taken for one request until disposed.</summary>
internal sealed class ConnectionPlace(ConnectionPlaces places, ConnectionShare share) : IDisposable
{
    private int _isLeft;

    public ConnectionShare Share => share;

    /// <summary>
    /// The action that ends the request, once no client waits for its response; guarded by the lock of the places.
    /// </summary>
    public Action? Evict { get; set; }

    /// <summary>The node in the list of abandoned places; guarded by the lock of the places.</summary>
    public LinkedListNode<ConnectionPlace>? Abandoned { get; set; }

    /// <summary>True if the place was evicted; guarded by the lock of the places.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>True if the place was returned; guarded by the lock of the places.</summary>
    public bool IsLeft { get; set; }

    /// <summary>
    /// Marks the place as abandoned: no client waits for the response, so the request ends as soon as its place is
    /// needed.
    /// </summary>
    public void Abandon(Action letGo) => places.Abandon(this, letGo);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            places.Leave(this);
    }
}

/// <summary>The connections that one grant holds to a server; owned by <see cref="ConnectionPlaces"/>.</summary>
internal sealed class ConnectionShare(string caller)
{
    public string Caller => caller;

    public int Open { get; set; }

    /// <summary>The requests that wait for a place, in order.</summary>
    public LinkedList<TaskCompletionSource<ConnectionPlace>> Waiting { get; } = new();
}
