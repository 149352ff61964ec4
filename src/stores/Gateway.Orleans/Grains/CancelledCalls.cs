using Gateway.Limits.Model;

namespace Gateway.Orleans.Grains;

/// <summary>
/// Calls that were cancelled before their request arrived, because one message may overtake another. A late request for
/// such a call is closed. At the bound the oldest is forgotten, and numbers issued to it then stay counted.
/// </summary>
internal sealed class CancelledCalls(int callsMax)
{
    private readonly HashSet<CallId> _calls = [];
    private readonly Queue<CallId> _order = new();

    public void Add(CallId id)
    {
        if (!_calls.Add(id)) return;
        _order.Enqueue(id);
        if (_order.Count > callsMax) _calls.Remove(_order.Dequeue());
    }

    public bool Contains(CallId id) => _calls.Contains(id);
}
