using System.Globalization;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>Instants as people read them.</summary>
internal static class Times
{
    /// <summary>The instant as in RFC 3339, in UTC, to the second; null where there is none.</summary>
    public static string? Show(string? time) =>
        time is null ? null : Show(Instant(time));

    /// <summary>The same; the default is an instant that the gateway did not send.</summary>
    public static string? Show(DateTimeOffset? time) => time is { } known && known != default
        ? known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : null;

    /// <summary>How long it is from one instant to another, in its two largest units; null where one is not said.
    /// </summary>
    public static string? Between(DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is not { } first || to is not { } last || first == default || last == default)
            return null;
        var length = last - first;
        return length.TotalDays >= 1 ? $"{(int)length.TotalDays} d {length.Hours} h"
            : length.TotalHours >= 1 ? $"{length.Hours} h {length.Minutes} min"
            : length.TotalMinutes >= 1 ? $"{length.Minutes} min"
            : $"{Math.Max(0, (int)length.TotalSeconds)} s";
    }

    private static DateTimeOffset Instant(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
