using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Counting;

namespace Gateway.Control.Usage.Keeping;

/// <summary>Adds documents up.</summary>
internal static class UsageSum
{
    /// <summary>Returns an hour as the sum of all its minutes.</summary>
    public static UsageDocument Of(long hour, IReadOnlyList<UsageDocument> minutes, int keysMax)
    {
        var counts = Sum(minutes.SelectMany(static minute => minute.Counts()));
        var results = new Dictionary<UsageKey, DurationCounts>();
        foreach (var (key, durations) in minutes.SelectMany(static minute => minute.Durations()))
        {
            if (!results.TryGetValue(key, out var sum))
                results[key] = sum = new DurationCounts();
            sum.Add(durations);
        }

        var limits = minutes.SelectMany(static minute => minute.Limits ?? [])
            .GroupBy(static use => new UsedLimit(use.Grant, use.Server, use.Counter, use.Window))
            .Select(static uses => KeyValuePair.Create(uses.Key, uses.MaxBy(static use => use.Used)!))
            .Select(static use => KeyValuePair.Create(use.Key, new UsedShare(
                use.Value.Used, use.Value.Max, use.Value.Reset.ToUnixTimeMilliseconds())));
        return UsageDocument.Of(
            DateTimeOffset.FromUnixTimeSeconds(hour * 3600),
            minutes.Select(static minute => minute.At).Distinct().Count(),
            UsageWriter.Latest(minutes.SelectMany(static minute => minute.Frontends)),
            new UsageFigures(counts, results, [.. limits])
            {
                Charges = Sum(minutes.SelectMany(static minute => minute.ChargeCounts())),
            },
            keysMax);
    }

    private static Dictionary<UsageKey, long> Sum(IEnumerable<KeyValuePair<UsageKey, long>> counts)
    {
        var sums = new Dictionary<UsageKey, long>();
        foreach (var (key, count) in counts)
            sums[key] = sums.GetValueOrDefault(key) + count;
        return sums;
    }
}
