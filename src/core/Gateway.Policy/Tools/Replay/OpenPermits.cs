using System.Collections.Immutable;
using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>Permits of calls whose end the record has not reached; beyond a bound the oldest are completed.</summary>
internal sealed class OpenPermits
{
    private const int OpenMax = 65_536;

    private readonly Dictionary<string, (Permit Permit, ImmutableArray<LimitCost> Costs)> _open =
        new(StringComparer.Ordinal);

    private readonly Queue<string> _order = new();

    public void Add(string callId, Permit permit, ImmutableArray<LimitCost> costs)
    {
        if (!_open.TryAdd(callId, (permit, costs)))
        {
            // Call ids are unique, unless a record is read twice.
            permit.Complete();
            return;
        }

        _order.Enqueue(callId);
        while (_order.Count > OpenMax)
        {
            if (_open.Remove(_order.Dequeue(), out var oldest))
                oldest.Permit.Complete();
        }
    }

    public bool TryEnd(string callId, out Permit permit, out ImmutableArray<LimitCost> costs)
    {
        var isOpen = _open.Remove(callId, out var found);
        (permit, costs) = found;
        return isOpen;
    }
}
