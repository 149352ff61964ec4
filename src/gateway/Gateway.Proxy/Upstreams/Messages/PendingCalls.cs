using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>The requests under way in one session, by id and by progress token. Owned by its connection.</summary>
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

    /// <summary>Whether a client waits for one of them.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_gate)
                return _byId.Values.Any(static call => !call.Request.IsAbandoned);
        }
    }

    /// <summary>A number that no other request of this session has.</summary>
    public long NextNumber() => Interlocked.Increment(ref _last);

    /// <summary>Null where it was added, else why not.</summary>
    public string? TryAdd(PendingCall call)
    {
        lock (_gate)
        {
            if (_closed is { } closed)
                return closed.Message;
            if (_byId.Count >= max)
                return $"it has {max} calls under way, the most that it may.";
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

    /// <summary>False where it was over already.</summary>
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

    /// <summary>
    /// The call that came last, of those whose client takes more than the answer; null where none is.
    /// </summary>
    public PendingCall? Newest()
    {
        lock (_gate)
            return _byId.Values.Where(static call => call.TakesEvents).MaxBy(static call => call.Order);
    }

    /// <summary>The only call that is no subscription; null where there are several or none.</summary>
    public PendingCall? Single()
    {
        lock (_gate)
        {
            var calls = _byId.Values.Where(static call => !call.IsListen).Take(2).ToList();
            return calls.Count == 1 ? calls[0] : null;
        }
    }

    /// <summary>No further call is taken, and those under way break.</summary>
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
