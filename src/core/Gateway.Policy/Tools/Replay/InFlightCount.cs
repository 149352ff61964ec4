using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Policy.Tools.Replay;

/// <summary>
/// The open calls according to the record, which contains approximate durations only after the fact. When the maximum
/// is open, it is unknown whether one more call would have found a slot.
/// </summary>
internal sealed class InFlightCount
{
    private const string Counter = InFlightRule.Counter;
    private const int OpenMax = 65_536;

    private readonly Dictionary<string, (string Key, string? Other)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the rule that refuses a call again that was refused; null if the record does not show that it would.
    /// </summary>
    public static string? RefusedBy(RecordedCall call, PolicyDecision decision)
    {
        if (call.Limit is not { Counter: Counter } limit)
            return null;
        foreach (var place in decision.InFlight)
        {
            if (limit.Used >= place.Cost.Max)
                return place.Rule;
        }

        return null;
    }

    /// <summary>Enters a call; false if it is unknown whether there is a slot.</summary>
    public bool TryEnter(RecordedCall call, PolicyDecision decision)
    {
        if (decision.InFlight.IsEmpty)
            return true;
        var isFull = call.Limit?.Counter == Counter;
        foreach (var place in decision.InFlight)
            isFull |= _counts.GetValueOrDefault(place.Cost.Key.Text) >= (int)(place.Cost.Max.Nano / Amount.One.Nano);
        if (call.IsAllowed && _open.Count < OpenMax)
            Open(call.CallId, decision);
        return !isFull;
    }

    public void End(string callId)
    {
        if (!_open.Remove(callId, out var places))
            return;
        Add(places.Key, -1);
        if (places.Other is { } other)
            Add(other, -1);
    }

    private void Open(string callId, PolicyDecision decision)
    {
        var (first, second) = (decision.InFlight[0].Cost.Key.Text,
            decision.InFlight.Length > 1 ? decision.InFlight[1].Cost.Key.Text : null);
        if (!_open.TryAdd(callId, (first, second)))
            return;
        Add(first, 1);
        if (second is not null)
            Add(second, 1);
    }

    private void Add(string key, int change)
    {
        var count = _counts.GetValueOrDefault(key) + change;
        if (count > 0)
            _counts[key] = count;
        else
            _counts.Remove(key);
    }
}
