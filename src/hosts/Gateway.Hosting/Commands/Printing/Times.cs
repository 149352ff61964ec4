using System.Globalization;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>The format of instants for people.</summary>
internal static class Times
{
    /// <summary>Returns the instant in RFC 3339 format, in UTC and to the second; null if there is none.</summary>
    public static string? Show(string? time) =>
        time is null ? null : Show(Instant(time));

    /// <summary>
    /// Returns the instant in the same format; null for the default value, which means that the gateway sent none.
    /// </summary>
    public static string? Show(DateTimeOffset? time) => time is { } known && known != default
        ? WrittenTime.Shown(known)
        : null;

    /// <summary>Returns the time between two instants in its two largest units; null if either is missing.</summary>
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
