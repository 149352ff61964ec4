namespace Gateway.LoadTests.Limiters;

/// <summary>
/// The number of calls that reached the server in each window of true time. A call that arrives shortly after a
/// window's end may have been decided before it. It is counted in the previous window as long as that has room, so that
/// each contestant gets the benefit of the doubt.
/// </summary>
internal static class WindowCount
{
    /// <summary>The time after an edge in which a call may belong to the previous window.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    /// <returns>The counts of the windows from the first to the last call.</returns>
    public static IReadOnlyList<int> Of(IEnumerable<DateTimeOffset> arrivals, TimeSpan window, int max)
    {
        // The certain calls, and those so early that they may belong to the previous window.
        var windows = new SortedDictionary<long, (int Certain, int Early)>();
        foreach (var arrival in arrivals)
        {
            var ticks = arrival.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
            var (number, isEarly) = (ticks / window.Ticks, ticks % window.Ticks < Grace.Ticks);
            var (certain, early) = windows.GetValueOrDefault(number);
            windows[number] = isEarly ? (certain, early + 1) : (certain + 1, early);
        }

        if (windows.Count == 0)
            return [];
        var counts = new List<int>();
        var first = windows.Keys.First();
        for (var number = first; number <= windows.Keys.Last(); number++)
        {
            var (certain, early) = windows.GetValueOrDefault(number);
            var moved = counts.Count == 0 ? 0 : Math.Clamp(max - counts[^1], 0, early);
            if (moved > 0)
                counts[^1] += moved;
            counts.Add(certain + early - moved);
        }

        return counts;
    }

    /// <summary>Returns the calls above the limit, over all windows.</summary>
    public static int Over(IReadOnlyList<int> counts, int max) => counts.Sum(count => Math.Max(0, count - max));
}
