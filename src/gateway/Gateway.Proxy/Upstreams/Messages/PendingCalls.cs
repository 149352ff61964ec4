using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>The open requests of one session, by id and by progress token. Owned by its connection.</summary>
internal sealed class PendingCalls(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PendingCall> _byId = [];
    private readonly Dictionary<string, PendingCall> _byToken = [];
    private IOException? _closed;
    private long _last;

    public int Count
    {
        get
        {
            lock (_gate)
                return _byId.Count;
        }
    }

    /// <summary>True if a client waits for one of them.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_gate)
                return _byId.Values.Any(static call => !call.Request.IsAbandoned);
        }
    }

    /// <summary>Returns a number that is unique within this session.</summary>
    public long NextNumber() => Interlocked.Increment(ref _last);

    /// <summary>Adds a call; returns null, or the reason why it was not added.</summary>
    public string? TryAdd(PendingCall call)
    {
        lock (_gate)
        {
            if (_closed is { } closed)
                return closed.Message;
            if (_byId.Count >= max)
                return $"it has {max} open calls, which is the maximum.";
            if (call.TokenKey is { } token && _byToken.ContainsKey(token))
                return "another call under way has the same progress token.";
            if (!_byId.TryAdd(call.Key, call))
                return "another call under way has the same id.";
            if (call.TokenKey is not null)
                _byToken[call.TokenKey] = call;
            return null;
        }
    }

    public PendingCall? Find(ReadOnlySpan<byte> id) => Find(_byId, id);

    public PendingCall? FindByToken(ReadOnlySpan<byte> token) => Find(_byToken, token);

    /// <summary>Removes a call; returns false if it had already ended.</summary>
    public bool Remove(PendingCall call)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(call.Key, out var found) || found != call)
                return false;
            _byId.Remove(call.Key);
            if (call.TokenKey is { } token)
                _byToken.Remove(token);
            return true;
        }
    }

    /// <summary>Returns the newest call whose client accepts events, or null if there is none.</summary>
    public PendingCall? Newest()
    {
        lock (_gate)
            return _byId.Values.Where(static call => call.TakesEvents).MaxBy(static call => call.Order);
    }

    /// <summary>Returns the only call that is not a subscription; null if there are several or none.</summary>
    public PendingCall? Single()
    {
        lock (_gate)
        {
            var calls = _byId.Values.Where(static call => !call.IsListen).Take(2).ToList();
            return calls.Count == 1 ? calls[0] : null;
        }
    }

    /// <summary>Rejects further calls and breaks the open ones.</summary>
    public void Close(IOException reason)
    {
        List<PendingCall> open;
        lock (_gate)
        {
            _closed ??= reason;
            open = [.. _byId.Values];
            _byId.Clear();
            _byToken.Clear();
        }

        foreach (var call in open)
            call.Queue.Break(reason);
    }

    private PendingCall? Find(Dictionary<string, PendingCall> calls, ReadOnlySpan<byte> raw)
    {
        if (IdKey.Of(raw) is not { } key)
            return null;
        lock (_gate)
            return calls.GetValueOrDefault(key);
    }
}
