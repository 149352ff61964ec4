namespace Gateway.Limits.Tests.Counting;

/// <summary>What <see cref="IssuedCallLog"/> has to remember, in the plainest way: a list in the calls'
/// order.</summary>
internal sealed class PlainLedger(int callsMax, long keptMs)
{
    private const int LooksMax = 16;

    private readonly List<(CallId Id, CallState State, long SinceMs)> _calls = [];

    public int Count => _calls.Count;

    public CallState? Find(CallId id) => Place(id) is >= 0 and var at ? _calls[at].State : null;

    public bool Open(CallId id, long nowMs)
    {
        for (var looks = 0; looks < LooksMax && _calls.Count > 0 && nowMs - _calls[0].SinceMs >= keptMs; looks++)
        {
            if (_calls[0].State == CallState.Out) _calls.Add(_calls[0] with { SinceMs = nowMs });
            _calls.RemoveAt(0);
        }

        var isLost = _calls.Count >= callsMax && _calls[0].State == CallState.Out;
        if (_calls.Count >= callsMax) _calls.RemoveAt(0);
        _calls.Add((id, CallState.Out, nowMs));
        return isLost;
    }

    /// <summary>From out to settled, or from either to closed.</summary>
    public bool TryMove(CallId id, CallState to)
    {
        if (Place(id) is not (>= 0 and var at) || _calls[at].State >= to) return false;
        _calls[at] = _calls[at] with { State = to };
        return true;
    }

    private int Place(CallId id) => _calls.FindIndex(call => call.Id == id);
}
