namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>
/// The bounds on the connections to one server, in total and per grant, so that no grant keeps the others from it. A
/// request without a place waits; a place that becomes free goes to the waiting grants in turn. An abandoned request is
/// evicted as soon as another could use its place, the longest abandoned first.
/// </summary>
internal sealed class ConnectionPlaces(
    int max, int perCallerMax, int waitersPerCallerMax, ServerConnectionMetrics metrics)
{
    // The shares kept for callers that currently hold nothing, so that not every call creates a new share.
    private const int SharesKept = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ConnectionShare> _shares = new(StringComparer.Ordinal);
    private readonly LinkedList<ConnectionShare> _turns = new();
    private readonly LinkedList<ConnectionPlace> _abandoned = new();
    private int _open;
    private int _waiting;
    private int _ending;

    /// <summary>Takes a place, at once or within <paramref name="wait"/>.</summary>
    /// <returns>Null if no place became free, or if too many requests already wait.</returns>
    public ValueTask<ConnectionPlace?> EnterAsync(
        string caller, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        ConnectionShare? share;
        LinkedListNode<TaskCompletionSource<ConnectionPlace>> waiter;
        Action? freed;
        lock (_gate)
        {
            if (!_shares.TryGetValue(caller, out share))
                _shares[caller] = share = new ConnectionShare(caller);
            if (_open < max && share.Open < perCallerMax && share.Waiting.Count == 0)
                return new(Take_NeedsLock(share));
            if (share.Waiting.Count >= waitersPerCallerMax)
            {
                metrics.Refused(isCallers: share.Open >= perCallerMax);
                return new((ConnectionPlace?)null);
            }

            waiter = share.Waiting.AddLast(
                new TaskCompletionSource<ConnectionPlace>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (share.Waiting.Count == 1)
                _turns.AddLast(share);
            _waiting++;
            freed = FindAbandoned_NeedsLock(share);
        }

        // Invoked outside the lock, because the ended request returns its place.
        freed?.Invoke();
        return WaitAsync(share, waiter, wait, time, cancellationToken);
    }

    /// <summary>Marks a place as abandoned; it may be evicted at once if others wait.</summary>
    public void Abandon(ConnectionPlace place, Action letGo)
    {
        var isNeeded = false;
        lock (_gate)
        {
            if (place.IsLeft)
                return;
            place.Evict = letGo;
            isNeeded = place.IsEvicted || IsWanted_NeedsLock(place.Share);
            if (!isNeeded)
                place.Abandoned ??= _abandoned.AddLast(place);
            else if (!place.IsEvicted)
                Evict_NeedsLock(place);
        }

        if (isNeeded)
            letGo();
    }

    public void Leave(ConnectionPlace place)
    {
        lock (_gate)
        {
            if (place.Abandoned is { } node)
                _abandoned.Remove(node);
            (place.Abandoned, place.Evict, place.IsLeft) = (null, null, true);
            if (place.IsEvicted)
                _ending--;
            _open--;
            place.Share.Open--;
            metrics.Closed();
            HandOn_NeedsLock();
            Forget_NeedsLock(place.Share);
        }
    }

    private async ValueTask<ConnectionPlace?> WaitAsync(
        ConnectionShare share, LinkedListNode<TaskCompletionSource<ConnectionPlace>> waiter, TimeSpan wait,
        TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Value.Task.WaitAsync(wait, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (waiter.List is { } waiting)
                {
                    waiting.Remove(waiter);
                    _waiting--;
                    if (waiting.Count == 0)
                        _turns.Remove(share);
                    if (e is TimeoutException)
                        metrics.Refused(isCallers: share.Open >= perCallerMax);
                    Forget_NeedsLock(share);
                }
            }

            // A place may have been assigned at the same moment.
            if (waiter.Value.Task.IsCompletedSuccessfully && await waiter.Value.Task is { } late)
            {
                if (e is TimeoutException)
                    return late;
                late.Dispose();
            }

            if (e is OperationCanceledException)
                throw;
            return null;
        }
    }

    private ConnectionPlace Take_NeedsLock(ConnectionShare share)
    {
        _open++;
        share.Open++;
        metrics.Opened();
        return new ConnectionPlace(this, share);
    }

    private void HandOn_NeedsLock()
    {
        var turn = _turns.First;
        while (turn is not null && _open < max)
        {
            var (share, next) = (turn.Value, turn.Next);
            if (share.Open < perCallerMax)
            {
                var waiter = share.Waiting.First!;
                share.Waiting.Remove(waiter);
                _waiting--;
                waiter.Value.SetResult(Take_NeedsLock(share));
                _turns.Remove(turn);
                if (share.Waiting.Count > 0)
                    _turns.AddLast(turn);
            }

            turn = next;
        }
    }

    private Action? FindAbandoned_NeedsLock(ConnectionShare share)
    {
        var isOwn = share.Open >= perCallerMax;
        var node = _abandoned.First;
        while (node is not null && isOwn && node.Value.Share != share)
            node = node.Next;
        if (node is null)
            return null;
        _abandoned.Remove(node);
        node.Value.Abandoned = null;
        Evict_NeedsLock(node.Value);
        return node.Value.Evict;
    }

    // At most as many are evicted as wait.
    private bool IsWanted_NeedsLock(ConnectionShare share) =>
        _ending < _waiting && (share.Waiting.Count > 0 || _open >= max);

    private void Evict_NeedsLock(ConnectionPlace place)
    {
        place.IsEvicted = true;
        _ending++;
        metrics.CountEvicted();
    }

    private void Forget_NeedsLock(ConnectionShare share)
    {
        if (share.Open == 0 && share.Waiting.Count == 0 && _shares.Count > SharesKept)
            _shares.Remove(share.Caller);
    }
}
