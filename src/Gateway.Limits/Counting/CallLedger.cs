namespace Gateway.Limits.Counting;

/// <summary>
/// The call ids that one owner has answered with numbers, in the window that it is in: out, or closed. Needed only
/// where permits leave the process; owned by one counter.
/// </summary>
internal sealed class CallLedger(int callsMax)
{
    /// <summary>
    /// How long a call that is settled or closed is remembered, in milliseconds. A question is repeated, and what was
    /// never sent is given back, within seconds; a window lasts up to a month.
    /// </summary>
    public const int KeptMs = 10_000;

    private const int LooksMax = 16;
    private const int FewCalls = 16;
    private const int CapacityForFew = 256;

    private readonly Dictionary<CallId, (CounterPermit Part, CallState State)> _calls = [];
    private readonly Queue<(CallId Id, long SinceMs)> _order = new();

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
    public CounterPermit? Open(CallId id, CounterPermit part, long nowMs)
    {
        ForgetEnded(nowMs);
        CounterPermit? forgotten = null;
        if (_order.Count >= callsMax && _calls.Remove(_order.Dequeue().Id, out var oldest))
            forgotten = oldest.State == CallState.Out ? oldest.Part : null;
        _order.Enqueue((id, nowMs));
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
        foreach (var call in _order)
        {
            copy._order.Enqueue(call);
            copy._calls[call.Id] = _calls[call.Id];
        }

        return copy;
    }

    /// <summary>Every id with its numbers and state, oldest first.</summary>
    public IEnumerable<(CallId Id, CounterPermit Part, bool IsClosed)> Entries =>
        _order.Select(call => (call.Id, _calls[call.Id].Part, _calls[call.Id].State == CallState.Closed));

    /// <summary>A few at a time; calls that are still out go to the end of the queue.</summary>
    private void ForgetEnded(long nowMs)
    {
        for (var looks = 0; looks < LooksMax; looks++)
        {
            if (!_order.TryPeek(out var oldest) || nowMs - oldest.SinceMs < KeptMs) return;
            _order.Dequeue();
            if (_calls[oldest.Id].State == CallState.Out) _order.Enqueue((oldest.Id, nowMs));
            else _calls.Remove(oldest.Id);
        }

        if (_calls.Count > FewCalls || _calls.Capacity <= CapacityForFew) return;
        _calls.TrimExcess();
        _order.TrimExcess();
    }
}
