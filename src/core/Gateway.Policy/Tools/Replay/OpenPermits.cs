using System.Collections.Immutable;
using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>Permits of calls whose end the record has not told yet; beyond a bound the oldest count.</summary>
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
            // No two calls have one id, unless a record is there twice.
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
