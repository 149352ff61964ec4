namespace Gateway.Limits.Counting;

/// <summary>
/// The call ids that one owner has answered with numbers, in the window that it is in: out, or closed. Needed only
/// where permits leave the process; owned by one counter.
/// </summary>
internal sealed class CallLedger(int callsMax)
{
    private readonly Dictionary<CallId, (CounterPermit Part, CallState State)> _calls = [];
    private readonly Queue<CallId> _order = new();

    /// <summary>What a repeated acquire is told; false if the id is not known.</summary>
    public bool TryAnswer(CallId id, out CounterVerdict verdict)
    {
        var isKnown = _calls.TryGetValue(id, out var call);
        verdict = !isKnown ? default
            : call.State == CallState.Closed ? CounterVerdict.Closed
            : CounterVerdict.Granted(call.Part);
        return isKnown;
    }

    /// <summary>
    /// Remembers numbers as out. The oldest id is forgotten at the bound: its numbers are returned if they were still
    /// out, since they can then never come back.
    /// </summary>
    public CounterPermit? Open(CallId id, CounterPermit part)
    {
        CounterPermit? forgotten = null;
        if (_order.Count >= callsMax && _calls.Remove(_order.Dequeue(), out var oldest))
            forgotten = oldest.State == CallState.Out ? oldest.Part : null;
        _order.Enqueue(id);
        _calls[id] = (part, CallState.Out);
        return forgotten;
    }

    /// <summary>Closes an id; the numbers, the first time.</summary>
    public CounterPermit? Close(CallId id, out bool wasOut)
    {
        wasOut = false;
        if (!_calls.TryGetValue(id, out var call) || call.State == CallState.Closed) return null;
        wasOut = call.State == CallState.Out;
        _calls[id] = (call.Part, CallState.Closed);
        return call.Part;
    }

    /// <summary>Notes that an id's numbers are not expected back; the numbers, the first time.</summary>
    public CounterPermit? Settle(CallId id)
    {
        if (!_calls.TryGetValue(id, out var call) || call.State != CallState.Out) return null;
        _calls[id] = (call.Part, CallState.Settled);
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
        _order.Select(id => (id, _calls[id].Part, _calls[id].State == CallState.Closed));
}
