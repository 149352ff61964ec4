using System.Globalization;

namespace Gateway.Limits.Model;

/// <summary>
/// The period of a limit, normalized: <c>"minute"</c>, <c>60</c> and <c>"60s"</c> are the same window. Lengths align to
/// the Unix epoch in UTC; a week starts on Monday and a month on its first day, both at 00:00 UTC. A day, week or month
/// of a zone is a separate window that follows the dates of the zone's clocks.
/// </summary>
public readonly record struct Window
{
    /// <summary>The longest length that can be written, in seconds: ten years of 366 days.</summary>
    public const long SecondsMax = 10L * 366 * 86_400;

    private const int WeekCode = -1;
    private const int MonthCode = -2;

    /// <summary>From here down, three codes for each zone: its day, week and month.</summary>
    private const int ZonedCode = -3;

    /// <summary>Maximum difference in length between a zone's window and one in UTC; a generous estimate.</summary>
    private const long ShiftMs = 4 * 3_600_000;

    private const long DayMs = 86_400_000;
    private const long WeekMs = 7 * DayMs;

    /// <summary>1970-01-05, the first Monday after the epoch.</summary>
    private const long FirstMondayMs = 4 * DayMs;

    private readonly int _code;

    private Window(int code) => _code = code;

    /// <summary>
    /// A calendar week, from Monday 00:00 UTC. A length of 604,800 s differs: it starts on a Thursday.
    /// </summary>
    public static Window Week => new(WeekCode);

    /// <summary>A calendar month in UTC.</summary>
    public static Window Month => new(MonthCode);

    /// <summary>The length in seconds; null for a week and a month, which never equal a length.</summary>
    public long? Seconds => _code > 0 ? _code : null;

    /// <summary>The zone whose dates it follows; null for UTC.</summary>
    public CalendarZone? Zone => _code <= ZonedCode ? CalendarZone.Numbered((ZonedCode - _code) / 3) : null;

    /// <summary>The minimum length of such a window, in milliseconds (a month: 28 days).</summary>
    public long ShortestMs => _code switch
    {
        WeekCode => WeekMs,
        MonthCode => 28 * DayMs,
        <= ZonedCode => Plain.ShortestMs - ShiftMs,
        _ => _code * 1000L,
    };

    /// <summary>The maximum length of such a window, in milliseconds (a month: 31 days).</summary>
    public long LongestMs => _code switch
    {
        MonthCode => 31 * DayMs,
        <= ZonedCode => Plain.LongestMs + ShiftMs,
        _ => ShortestMs,
    };

    private CalendarUnit Unit => (CalendarUnit)((ZonedCode - _code) % 3);

    /// <summary>The corresponding period in UTC.</summary>
    private Window Plain => _code > ZonedCode ? this
        : new Window(Unit switch
        {
            CalendarUnit.Day => 86_400,
            CalendarUnit.Week => WeekCode,
            CalendarUnit.Month => MonthCode,
            _ => throw new NotSupportedException($"CalendarUnit {Unit} has no case here."),
        });

    /// <summary>
    /// Parses <c>second</c>, <c>minute</c>, <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, or a length such as
    /// <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>7d</c>, from 1 s to <see cref="SecondsMax"/>.
    /// </summary>
    public static bool TryParse(string? text, out Window window)
    {
        window = default;
        switch (text)
        {
            case "second": return TryFromSeconds(1, out window);
            case "minute": return TryFromSeconds(60, out window);
            case "hour": return TryFromSeconds(3600, out window);
            case "day": return TryFromSeconds(86_400, out window);
            case "week": window = Week; return true;
            case "month": window = Month; return true;
            case null or { Length: < 2 or > 10 }: return false;
        }

        var unit = text[^1] switch { 's' => 1L, 'm' => 60L, 'h' => 3600L, 'd' => 86_400L, _ => 0L };
        return unit > 0
            && text[0] is >= '1' and <= '9'
            && long.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && TryFromSeconds(count * unit, out window);
    }

    /// <summary>Creates a window with a length of whole seconds, from 1 to <see cref="SecondsMax"/>.</summary>
    public static bool TryFromSeconds(long seconds, out Window window)
    {
        var fits = seconds is >= 1 and <= SecondsMax;
        window = fits ? new Window((int)seconds) : default;
        return fits;
    }

    /// <summary>Returns the day, week or month of this zone.</summary>
    public static Window Of(CalendarUnit unit, CalendarZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return new Window(ZonedCode - (3 * zone.Number) - (int)unit);
    }

    /// <summary>Parses the result of <see cref="ToString"/>, including windows of a zone.</summary>
    internal static bool TryRead(string text, out Window window)
    {
        window = default;
        if (text.IndexOf('@') is not (> 0 and var at)) return TryParse(text, out window);
        CalendarUnit? unit = text[..at] switch
        {
            "day" => CalendarUnit.Day,
            "week" => CalendarUnit.Week,
            "month" => CalendarUnit.Month,
            _ => null,
        };
        if (unit is not { } known || CalendarZone.Of(text[(at + 1)..]) is not { } zone) return false;
        window = Of(known, zone);
        return true;
    }

    /// <summary>Returns the start of the window that contains this instant, in Unix milliseconds UTC.</summary>
    public long StartMs(long nowMs) => _code switch
    {
        > 0 => FloorTo(nowMs, _code * 1000L),
        WeekCode => FloorTo(nowMs - FirstMondayMs, WeekMs) + FirstMondayMs,
        MonthCode => MonthOf(nowMs, 0),
        <= ZonedCode => PeriodAt(nowMs).StartMs,
        _ => throw new InvalidOperationException("An uninitialized window has no start."),
    };

    /// <summary>
    /// Returns the end (exclusive) of the window that starts at <paramref name="startMs"/>, or in a zone contains it.
    /// </summary>
    public long EndMs(long startMs) => _code switch
    {
        > 0 => startMs + (_code * 1000L),
        WeekCode => startMs + WeekMs,
        MonthCode => MonthOf(startMs, 1),
        <= ZonedCode => PeriodAt(startMs).EndMs,
        _ => throw new InvalidOperationException("An uninitialized window has no end."),
    };

    /// <summary>Returns the start and end of the zone's window that contains this instant.</summary>
    internal (long StartMs, long EndMs) PeriodAt(long nowMs) => Zone!.PeriodAt(Unit, nowMs);

    /// <summary>
    /// Returns the normal form: <c>60s</c>, <c>week</c> or <c>month</c>, which <see cref="TryParse"/> accepts; in a
    /// zone, a form such as <c>day@Europe/Berlin</c>.
    /// </summary>
    public override string ToString() => _code switch
    {
        WeekCode => "week",
        MonthCode => "month",
        <= ZonedCode => $"{UnitName}@{Zone!.Name}",
        _ => _code.ToString(CultureInfo.InvariantCulture) + "s",
    };

    /// <summary>The unit of a window of a zone: <c>day</c>, <c>week</c> or <c>month</c>.</summary>
    internal string UnitName => Unit switch
    {
        CalendarUnit.Day => "day",
        CalendarUnit.Week => "week",
        CalendarUnit.Month => "month",
        _ => throw new NotSupportedException($"CalendarUnit {Unit} has no case here."),
    };

    /// <summary>Formats an instant in UTC as refusals show it.</summary>
    /// <remarks>Uses a standard format, for which the runtime does not have to interpret a pattern.</remarks>
    internal static string TimeText(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("s", CultureInfo.InvariantCulture) + "Z";

    private static long FloorTo(long value, long step)
    {
        var remainder = value % step;
        return remainder < 0 ? value - remainder - step : value - remainder;
    }

    private static long MonthOf(long nowMs, int monthsLater)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero)
            .AddMonths(monthsLater).ToUnixTimeMilliseconds();
    }
}
