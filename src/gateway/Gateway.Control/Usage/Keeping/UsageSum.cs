using Gateway.Control.Usage.Counting;

namespace Gateway.Control.Usage.Keeping;

/// <summary>Adds documents up.</summary>
internal static class UsageSum
{
    /// <summary>Returns an hour as the sum of all its minutes.</summary>
    public static UsageDocument Of(long hour, IReadOnlyList<UsageDocument> minutes, int keysMax)
    {
        var counts = new Dictionary<UsageKey, long>();
        foreach (var (key, count) in minutes.SelectMany(static minute => minute.Counts()))
            counts[key] = counts.GetValueOrDefault(key) + count;
        return UsageDocument.Of(
            DateTimeOffset.FromUnixTimeSeconds(hour * 3600),
            minutes.Select(static minute => minute.At).Distinct().Count(),
            UsageWriter.Latest(minutes.SelectMany(static minute => minute.Frontends)), counts, keysMax);
    }
}
