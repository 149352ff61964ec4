using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>
/// A time zone whose days, weeks and months a limit counts. A period begins with the first moment at which clocks there
/// show its first date or a later one, and ends where the next begins. It may have 23 or 25 hours, it begins at one
/// o'clock where there is no midnight, and it begins only once where clocks go back over midnight.
/// </summary>
public class CalendarZone
{
    /// <summary>More than any time zone data contains. A key with one more zone cannot be read.</summary>
    private const int ZonesMax = 2048;

    private const long HourMs = 3_600_000;
    private const long MinuteMs = 60_000;

    /// <summary>No clock is further from UTC than this, in hours.</summary>
    private const int OffsetHoursMax = 26;

    /// <summary>The years 5 to 9987, which the calendar can handle with a margin on both sides.</summary>
    private const long EarliestMs = -62_000_000_000_000;
    private const long LatestMs = 253_000_000_000_000;

    private static readonly ConcurrentDictionary<string, CalendarZone> Named = new(StringComparer.Ordinal);
    private static readonly Lock NumbersLock = new();
    private static ImmutableArray<CalendarZone> _numbered = [];

    private readonly TimeZoneInfo? _data;
    private readonly Period?[] _latest = new Period?[3];

    /// <summary>Creates a zone from its time zone data; null if the data is missing.</summary>
    public CalendarZone(string name, TimeZoneInfo? data)
    {
        (Name, _data) = (name, data);
        lock (NumbersLock)
        {
            Number = _numbered.Length;
            _numbered = _numbered.Add(this);
        }
    }

    /// <summary>The IANA name.</summary>
    public string Name { get; }

    /// <summary>False if this system's data does not contain the zone. Nothing is counted in it then.</summary>
    public bool IsKnown => _data is not null;

    /// <summary>Identifies the zone within this process.</summary>
    internal int Number { get; }

    /// <summary>Returns the zone of this name, by the system's data; null if no zone can have this name.</summary>
    public static CalendarZone? Of(string name)
    {
        if (Named.TryGetValue(name, out var zone)) return zone;
        if (!TimeZones.IsName(name) || Named.Count >= ZonesMax) return null;
        return Named.GetOrAdd(name, static name => new CalendarZone(name, TimeZones.Find(name)));
    }

    internal static CalendarZone Numbered(int number) => _numbered[number];

    /// <summary>Returns the day, week or month that contains this moment; all time if the zone is unknown.</summary>
    internal virtual (long StartMs, long EndMs) PeriodAt(CalendarUnit unit, long nowMs)
    {
        ref var place = ref _latest[(int)unit];
        var period = Volatile.Read(ref place);
        if (period is null || nowMs < period.StartMs || nowMs >= period.EndMs)
        {
            period = Find(unit, Math.Clamp(nowMs, EarliestMs, LatestMs));
            Volatile.Write(ref place, period);
        }

        return (period.StartMs, period.EndMs);
    }

    private Period Find(CalendarUnit unit, long nowMs)
    {
        if (_data is null) return new Period(long.MinValue, long.MaxValue);
        var date = First(unit, DateOnly.FromDateTime(LocalTime(nowMs)));
        var startMs = FirstMomentMs(date);

        // Where clocks went back over midnight, they show the previous date again: the date that has begun continues.
        while (true)
        {
            date = Next(unit, date);
            var endMs = FirstMomentMs(date);
            if (endMs > nowMs) return new Period(startMs, endMs);
            startMs = endMs;
        }
    }

    /// <summary>Returns the first moment at which clocks show this date or a later one.</summary>
    private long FirstMomentMs(DateOnly date)
    {
        var localMs = MsOf(date.ToDateTime(TimeOnly.MinValue));
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var hour = -OffsetHoursMax; hour <= OffsetHoursMax; hour++)
        {
            var offset = OffsetMs(localMs + (hour * HourMs));
            (least, most) = (Math.Min(least, offset), Math.Max(most, offset));
        }

        // No clock is further ahead, so no earlier moment shows this date.
        var beforeMs = localMs - most;
        if (HasCome(beforeMs)) return beforeMs;
        while (!HasCome(beforeMs + MinuteMs)) beforeMs += MinuteMs;
        var comeMs = beforeMs + MinuteMs;
        while (comeMs - beforeMs > 1)
        {
            var middleMs = beforeMs + ((comeMs - beforeMs) / 2);
            if (HasCome(middleMs)) comeMs = middleMs;
            else beforeMs = middleMs;
        }

        return comeMs;

        bool HasCome(long ms) => ms + OffsetMs(ms) >= localMs;
    }

    private static DateOnly First(CalendarUnit unit, DateOnly date) => unit switch
    {
        CalendarUnit.Day => date,
        CalendarUnit.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        CalendarUnit.Month => new DateOnly(date.Year, date.Month, 1),
        _ => throw new NotSupportedException($"CalendarUnit {unit} has no case here."),
    };

    private static DateOnly Next(CalendarUnit unit, DateOnly first) => unit switch
    {
        CalendarUnit.Day => first.AddDays(1),
        CalendarUnit.Week => first.AddDays(7),
        CalendarUnit.Month => first.AddMonths(1),
        _ => throw new NotSupportedException($"CalendarUnit {unit} has no case here."),
    };

    private static long MsOf(DateTime local) =>
        new DateTimeOffset(local, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private DateTime LocalTime(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms + OffsetMs(ms)).UtcDateTime;

    private long OffsetMs(long ms) =>
        (long)_data!.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(ms)).TotalMilliseconds;

    /// <summary>A class, so that a concurrent reader sees either the old or the new object, never a mix.</summary>
    private sealed record Period(long StartMs, long EndMs);
}

/// <summary>The calendar period of one window.</summary>
public enum CalendarUnit
{
    /// <summary>A day, from one date to the next.</summary>
    Day,

    /// <summary>A week, from one Monday to the next.</summary>
    Week,

    /// <summary>A month, from its first day to that of the next.</summary>
    Month,
}
