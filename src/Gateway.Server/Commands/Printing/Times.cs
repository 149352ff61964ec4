using System.Globalization;

namespace Gateway.Server.Commands.Printing;

/// <summary>Instants as people read and write them.</summary>
internal static class Times
{
    /// <summary>The instant in UTC to the second; null where there is none.</summary>
    public static string? Show(string? time) =>
        time is null ? null
        : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcDateTime
            .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads an instant, or a length from now on: <c>90m</c>, <c>12h</c>, <c>30d</c>.</summary>
    public static bool TryRead(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = now;
        var unit = text.Length < 2 ? TimeSpan.Zero : text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        if (unit > TimeSpan.Zero
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n is > 0 and <= 1_000_000)
        {
            time = now + unit * n;
            return true;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);
    }
}
