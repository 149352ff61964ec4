namespace Gateway.Limits.Counting;

/// <summary>
/// The call ids that one owner has answered with numbers, in the window that it is in: out, or closed. Needed only
/// where permits leave the process; owned by one counter.
/// </summary>
internal sealed class CallLedger(int callsMax)
{
    private readonly Dictionary<CallId, (CounterPermit Part, bool IsClosed)> _calls = [];
    private readonly Queue<CallId> _order = new();

    /// <summary>What a repeated acquire is told; false if the id is not known.</summary>
    public bool TryAnswer(CallId id, out CounterVerdict verdict)
    {
        var isKnown = _calls.TryGetValue(id, out var call);
        verdict = !isKnown ? default : call.IsClosed ? CounterVerdict.Closed : CounterVerdict.Granted(call.Part);
        return isKnown;
    }

    /// <summary>Remembers numbers as out; the oldest id is forgotten at the bound.</summary>
    public void Open(CallId id, CounterPermit part)
    {
        if (_order.Count >= callsMax) _calls.Remove(_order.Dequeue());
        _order.Enqueue(id);
        _calls[id] = (part, false);
    }

    /// <summary>Closes an id; the numbers, the first time.</summary>
    public CounterPermit? Close(CallId id)
    {
        if (!_calls.TryGetValue(id, out var call) || call.IsClosed) return null;
        _calls[id] = (call.Part, true);
        return call.Part;
    }

    /// <summary>Forgets every id: their window is over.</summary>
    public void Clear()
    {
        _calls.Clear();
        _order.Clear();
    }

    /// <summary>A copy that shares nothing.</summary>
    public CallLedger Copy()
    {
        var copy = new CallLedger(callsMax);
        foreach (var id in _order)
        {
            copy._order.Enqueue(id);
            copy._calls[id] = _calls[id];
        }

        return copy;
    }

    /// <summary>Every id with its numbers and state, oldest first.</summary>
    public IEnumerable<(CallId Id, CounterPermit Part, bool IsClosed)> Entries =>
        _order.Select(id => (id, _calls[id].Part, _calls[id].IsClosed));
}
