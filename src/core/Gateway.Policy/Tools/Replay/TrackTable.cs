using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>The tracks of all counters with uncertain or diverging counts.</summary>
internal sealed class TrackTable(RecordFacts record)
{
    private const int SweepAt = 65_536;

    private readonly Dictionary<(CounterKey Key, string Value), CounterTrack> _tracks = [];
    private int _sweepAt = SweepAt;

    /// <summary>Returns the track; null if the counter has none.</summary>
    public CounterTrack? Find(in LimitCost cost, long nowMs)
    {
        if (_tracks.TryGetValue(IdOf(cost), out var known))
            return known;
        return nowMs < OpeningUntilMs(cost.Key) ? Of(cost, nowMs) : null;
    }

    public CounterTrack Of(in LimitCost cost, long nowMs) => Of(cost.Key, ValueOf(cost), nowMs);

    /// <summary>Returns the track of a limit by value that covers all its values.</summary>
    public CounterTrack OfLimit(CounterKey limit, long nowMs) => Of(limit, "", nowMs);

    public CounterTrack? FindLimit(CounterKey limit) => _tracks.GetValueOrDefault((limit, ""));

    private CounterTrack Of(CounterKey key, string value, long nowMs)
    {
        if (_tracks.TryGetValue((key, value), out var known))
            return known;
        if (_tracks.Count >= _sweepAt)
            Sweep(nowMs);
        var track = new CounterTrack(key) { OpeningUntilMs = OpeningUntilMs(key) };
        _tracks[(key, value)] = track;
        return track;
    }

    private long OpeningUntilMs(CounterKey key) => record.HasOthers ? long.MaxValue
        : record.BeganMs is { } began ? CounterTrack.EndMs(key, began)
        : long.MinValue;

    private void Sweep(long nowMs)
    {
        foreach (var (id, track) in _tracks)
        {
            if (track.IsOver(nowMs))
                _tracks.Remove(id);
        }

        _sweepAt = Math.Max(SweepAt, 2 * _tracks.Count);
    }

    private static (CounterKey Key, string Value) IdOf(in LimitCost cost) => (cost.Key, ValueOf(cost));

    private static string ValueOf(in LimitCost cost) =>
        cost.Value is { } value ? Convert.ToBase64String(value.Parts.Span) : "";
}
