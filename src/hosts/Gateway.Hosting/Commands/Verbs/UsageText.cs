using System.Globalization;
using Gateway.Control.Usage.Asking;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>The text form of calls and refusals over time, in words and small bars.</summary>
internal static class UsageText
{
    private const int BarsMax = 60;
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Returns the total and its period.</summary>
    public static string Summary(string when, UsageAnswer usage) => string.Create(
        CultureInfo.InvariantCulture,
        $"{when}: {Spelling.Count(usage.Calls, "call")}, {usage.Refused:N0} refused  {Line(Sum(usage))}");

    /// <summary>Returns a character for each group of points: the lowest bar means zero, a dot means no data.</summary>
    public static string Line(IReadOnlyList<long?> points)
    {
        if (points.Count == 0)
            return "";
        var size = (points.Count + BarsMax - 1) / BarsMax;
        var sums = points.Chunk(size)
            .Select(static part => part.All(static one => one is null) ? null : part.Sum()).ToList();
        var most = Math.Max(1, sums.Max() ?? 0);
        return string.Concat(sums.Select(sum => sum is { } count
            ? Bars[(int)(((count * (Bars.Length - 1)) + most - 1) / most)]
            : '·'));
    }

    /// <summary>Adds up the points of all frontends; a point without data from any frontend is null.</summary>
    private static IReadOnlyList<long?> Sum(UsageAnswer usage) =>
    [
        .. usage.MinutesCovered.Select((minutes, point) =>
            minutes == 0 ? null : usage.Rows.Sum(row => row.CallsOverTime.ElementAtOrDefault(point))),
    ];
}
