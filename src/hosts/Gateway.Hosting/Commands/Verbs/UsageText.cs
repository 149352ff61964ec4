using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>Calls and refusals over time, in words and in small bars.</summary>
internal static class UsageText
{
    private const int BarsMax = 60;
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>How much, and when.</summary>
    public static string Summary(string when, JsonNode usage) => string.Create(
        CultureInfo.InvariantCulture,
        $"{when}: {(long)usage["calls"]!:N0} calls, {(long)usage["refused"]!:N0} refused  {Line(Sum(usage))}");

    /// <summary>A character for each group of points: the lowest bar means zero, a dot means no data.</summary>
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

    /// <summary>The points of a row; null where nobody has figures.</summary>
    public static IReadOnlyList<long?> Points(JsonNode row) =>
        [.. row["callsOverTime"]!.AsArray().Select(static one => (long?)one)];

    private static IReadOnlyList<long?> Sum(JsonNode usage)
    {
        var covered = usage["minutesCovered"]!.AsArray();
        var rows = usage["rows"]!.AsArray().Select(static row => Points(row!)).ToList();
        return [.. covered.Select((minutes, point) => (int)minutes! == 0 ? null : rows.Sum(row => row[point]))];
    }
}
