namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>One of the connections to a server, taken for one request until it is disposed.</summary>
internal sealed class ConnectionPlace(ConnectionPlaces places, ConnectionShare share) : IDisposable
{
    private int _isLeft;

    public ConnectionShare Share => share;

    /// <summary>What ends the request, once nobody waits for its answer; the places' lock guards it.</summary>
    public Action? Evict { get; set; }

    /// <summary>Where it stands among the abandoned; the places' lock guards it.</summary>
    public LinkedListNode<ConnectionPlace>? Abandoned { get; set; }

    /// <summary>Whether it was let go of; the places' lock guards it.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>Whether it was given back; the places' lock guards it.</summary>
    public bool IsLeft { get; set; }

    /// <summary>Nobody waits for the answer any more: the request ends as soon as its place is needed.</summary>
    public void Abandon(Action letGo) => places.Abandon(this, letGo);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            places.Leave(this);
    }
}
