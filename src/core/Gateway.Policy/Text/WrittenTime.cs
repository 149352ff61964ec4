using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Text;

/// <summary>Parses instants and durations as people write them, identically everywhere.</summary>
public static partial class WrittenTime
{
    /// <summary>The accepted formats, for messages.</summary>
    public const string Rule =
        "a length such as 90s, 45m, 12h or 30d, or an instant such as 2027-06-30T00:00:00Z (without an offset: UTC)";

    /// <summary>The accepted formats of a time in the past, for messages.</summary>
    public const string BackRule = "today, yesterday, " + Rule;

    /// <summary>The longest duration, in days.</summary>
    public const int DaysMax = 36_500;

    /// <summary>Parses a positive whole number of seconds, minutes, hours or days: <c>90s</c>, <c>30d</c>.</summary>
    public static bool TryLength(string text, out TimeSpan length)
    {
        ArgumentNullException.ThrowIfNull(text);
        length = TimeSpan.Zero;
        if (text.Length is < 2 or > 12
            || !long.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n))
        {
            return false;
        }

        long seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (seconds == 0 || n == 0 || n > DaysMax * 86_400L / seconds)
            return false;
        length = TimeSpan.FromSeconds(n * seconds);
        return true;
    }

    /// <summary>Writes a duration of whole seconds in the largest unit that fits: <c>90s</c>, <c>2h</c>.</summary>
    public static string Length(TimeSpan length)
    {
        var seconds = (long)length.TotalSeconds;
        var (unit, name) = seconds % 3600 == 0 ? (3600, 'h') : seconds % 60 == 0 ? (60, 'm') : (1, 's');
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / unit}{name}");
    }

    /// <summary>Parses an instant in ISO 8601: a date, or a date with a time.</summary>
    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(text);
        instant = default;
        return Instant().IsMatch(text) && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out instant);
    }

    /// <summary>Writes an instant in Unix milliseconds as ISO 8601 with the offset of UTC.</summary>
    public static string Text(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);

    /// <summary>Writes an instant for people: in UTC, in whole seconds (RFC 3339).</summary>
    public static string Shown(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Parses an instant, or a duration from now on.</summary>
    public static bool TryAhead(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        if (!TryLength(text, out var length))
            return TryInstant(text, out instant);
        instant = now + length;
        return true;
    }

    /// <summary>
    /// Parses an instant, a duration before now, or <c>today</c> or <c>yesterday</c>, which mean the start of that day
    /// in UTC.
    /// </summary>
    public static bool TryBack(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        if (text is "today" or "yesterday")
        {
            instant = new DateTimeOffset(now.UtcDateTime.Date.AddDays(text == "today" ? 0 : -1), TimeSpan.Zero);
            return true;
        }

        if (!TryLength(text, out var length))
            return TryInstant(text, out instant);
        instant = now - length;
        return true;
    }

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?([Zz]|[+-]\d\d:\d\d)?)?\z")]
    private static partial Regex Instant();
}
