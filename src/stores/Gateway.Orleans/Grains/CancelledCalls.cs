using Gateway.Limits.Model;

namespace Gateway.Orleans.Grains;

/// <summary>
/// Calls that were given up before their question arrived: a message may overtake another. What still comes for them is
/// told that they have ended. The oldest is forgotten at the bound, and numbers given to it then stay counted.
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
