namespace Gateway.Policy.Tests.Oracle;

/// <summary>The condition <c>time</c> as a set of minutes of the week.</summary>
internal static class OracleTime
{
    private const int Day = 24 * 60;
    private static readonly string[] Names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static bool Holds(JsonElement time, DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(time.GetProperty("zone").GetString()!);
        var local = at.UtcDateTime + zone.GetUtcOffset(at);
        var now = ((int)local.DayOfWeek * Day) + (local.Hour * 60) + local.Minute;
        return Days(time).Any(day => Hours(time).Any(span => Enumerable
            .Range((day * Day) + span.From, span.To - span.From + (span.To <= span.From ? Day : 0))
            .Any(minute => minute % (7 * Day) == now)));
    }

    /// <summary>Since when it has been the date that it is in a limit's zone, by quarters of an hour.</summary>
    public static string DateOf(JsonElement limit, DateTimeOffset at)
    {
        if (!limit.TryGetProperty("zone", out var name))
            return "";
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name.GetString()!);
        var start = at.AddMinutes(-(at.Minute % 15));
        while (Date(start.AddMinutes(-15)) == Date(at))
            start = start.AddMinutes(-15);
        return $"@{start.ToUnixTimeMilliseconds()}";

        DateTime Date(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).Date;
    }

    private static IEnumerable<int> Days(JsonElement time)
    {
        if (!time.TryGetProperty("days", out var days))
            return Enumerable.Range(0, 7);
        return days.EnumerateArray().SelectMany(static item =>
        {
            var ends = item.GetString()!.Split('-').Select(name => Array.IndexOf(Names, name)).ToArray();
            var found = new List<int> { ends[0] };
            while (found[^1] != ends[^1])
                found.Add((found[^1] + 1) % 7);
            return found;
        });
    }

    private static IEnumerable<(int From, int To)> Hours(JsonElement time) =>
        time.TryGetProperty("hours", out var hours)
            ? hours.EnumerateArray().Select(static item => item.GetString()!.Split('-'))
                .Select(static ends => (Minutes(ends[0]), Minutes(ends[1])))
            : [(0, Day)];

    private static int Minutes(string clock) => clock.StartsWith("24", StringComparison.Ordinal)
        ? Day
        : (int)TimeSpan.Parse(clock, CultureInfo.InvariantCulture).TotalMinutes;
}
