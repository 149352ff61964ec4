namespace Gateway.Limits.Tests.Model;

/// <summary>Where the dates of a time zone begin.</summary>
public sealed class CalendarZoneTests
{
    private const long MinuteMs = 60_000;
    private const long DayMs = 1440 * MinuteMs;

    [Theory]
    // 23 and 25 hours.
    [InlineData("Europe/Berlin", "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    // No midnight: the date begins at one o'clock.
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00Z", "2018-11-04T03:00Z", "2018-11-05T02:00Z")]
    [InlineData("Africa/Cairo", "2010-04-30T12:00Z", "2010-04-29T22:00Z", "2010-04-30T21:00Z")]
    // Back over midnight: 24 hours and one more of the date before.
    [InlineData("America/Sao_Paulo", "2018-02-18T02:30Z", "2018-02-17T02:00Z", "2018-02-18T03:00Z")]
    // Back from one minute past midnight: the new date has begun, and goes on.
    [InlineData("America/St_Johns", "2006-10-29T02:30Z", "2006-10-28T02:30Z", "2006-10-29T02:30Z", true)]
    [InlineData("America/St_Johns", "2006-10-29T03:00Z", "2006-10-29T02:30Z", "2006-10-30T03:30Z")]
    // By half an hour.
    [InlineData("Australia/Lord_Howe", "2026-04-05T05:00Z", "2026-04-04T13:00Z", "2026-04-05T13:30Z")]
    // A date that there never was.
    [InlineData("Pacific/Apia", "2011-12-30T05:00Z", "2011-12-29T10:00Z", "2011-12-30T10:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30T10:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z")]
    [InlineData("UTC", "2026-01-01T00:00Z", "2026-01-01T00:00Z", "2026-01-02T00:00Z")]
    public void A_day_begins_with_the_first_moment_of_its_date(
        string zone, string at, string start, string end, bool isBefore = false)
    {
        var day = Window.Of(CalendarUnit.Day, CalendarZone.Of(zone)!);
        var atMs = Ms(at) - (isBefore ? 1 : 0);
        Assert.Equal(At(Ms(start)), At(day.StartMs(atMs)));
        Assert.Equal(At(Ms(end)), At(day.EndMs(atMs)));
    }

    [Theory]
    [InlineData(CalendarUnit.Week, "2026-03-29T12:00Z", "2026-03-22T23:00Z", "2026-03-29T22:00Z")]
    [InlineData(CalendarUnit.Week, "2026-03-29T22:00Z", "2026-03-29T22:00Z", "2026-04-05T22:00Z")]
    [InlineData(CalendarUnit.Month, "2026-03-01T12:00Z", "2026-02-28T23:00Z", "2026-03-31T22:00Z")]
    [InlineData(CalendarUnit.Month, "2026-12-31T22:59Z", "2026-11-30T23:00Z", "2026-12-31T23:00Z")]
    public void A_week_begins_on_monday_and_a_month_on_its_first(
        CalendarUnit unit, string at, string start, string end)
    {
        var window = Window.Of(unit, CalendarZone.Of("Europe/Berlin")!);
        Assert.Equal(At(Ms(start)), At(window.StartMs(Ms(at))));
        Assert.Equal(At(Ms(end)), At(window.EndMs(Ms(at))));
    }

    [Theory]
    [InlineData("Europe/Berlin", 2018, 15)]
    [InlineData("America/Sao_Paulo", 2018, 15)]
    [InlineData("America/St_Johns", 2006, 1)]
    [InlineData("Africa/Cairo", 2010, 15)]
    [InlineData("Asia/Gaza", 2015, 1)]
    [InlineData("Africa/Casablanca", 2017, 15)]
    [InlineData("Asia/Pyongyang", 2015, 15)]
    [InlineData("Australia/Lord_Howe", 2024, 15)]
    [InlineData("Antarctica/Troll", 2024, 15)]
    [InlineData("America/Santiago", 2024, 15)]
    [InlineData("Pacific/Apia", 2011, 15)]
    [InlineData("America/Caracas", 2007, 15)]
    public void Every_date_of_a_year_begins_where_a_clock_that_is_watched_first_shows_it(
        string name, int year, int minutes)
    {
        var data = TimeZones.Find(name)!;
        var day = Window.Of(CalendarUnit.Day, CalendarZone.Of(name)!);
        var starts = new List<long>();
        var latest = DateOnly.MinValue;
        var fromMs = Ms($"{year}-01-01T00:00Z");
        for (var ms = fromMs; ms < fromMs + (366 * DayMs); ms += minutes * MinuteMs)
        {
            var shown = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(At(ms), data).DateTime);
            if (shown > latest && latest != DateOnly.MinValue) starts.Add(ms);
            if (shown > latest) latest = shown;
        }

        Assert.InRange(starts.Count, 364, 366);
        var found = day.StartMs(starts[0]);
        foreach (var start in starts)
        {
            Assert.Equal(At(start), At(found));
            Assert.Equal(At(found), At(day.StartMs(found)));
            var end = day.EndMs(found);
            Assert.Equal(At(found), At(day.StartMs(end - 1)));
            Assert.InRange(end - found, day.ShortestMs, day.LongestMs);
            found = end;
        }
    }

    [Fact]
    public void A_key_with_a_zone_is_read_back_and_one_without_is_as_it_was()
    {
        var key = Asked.CalendarKey(CalendarZone.Of("America/Argentina/Buenos_Aires")!, CalendarUnit.Month);
        Assert.Equal("bot@afip/calls/grant/calendar/month@America%2FArgentina%2FBuenos_Aires/0", key.Text);
        Assert.True(CounterKeyReader.TryRead(key.Text, out var read));
        Assert.Equal(key, read);
        Assert.Equal(key.Window, read!.Window);
        Assert.Equal("bot@afip/calls/grant/fixed/86400s/0", Asked.Key(window: "day").Text);
    }

    [Theory]
    [InlineData("day@Mars/Olympus Mons")]
    [InlineData("day@")]
    [InlineData("day@..%2Fpasswd")]
    [InlineData("hour@Europe%2FBerlin")]
    [InlineData("86400s@Europe%2FBerlin")]
    public void Refuses_a_key_with_what_is_no_window_of_a_zone(string window) =>
        Assert.False(CounterKeyReader.TryRead($"bot@afip/calls/grant/calendar/{window}/0", out _));

    [Fact]
    public void A_zone_that_is_not_there_has_no_dates()
    {
        var zone = CalendarZone.Of("Nowhere/Special")!;
        Assert.False(zone.IsKnown);
        Assert.Same(zone, CalendarZone.Of("Nowhere/Special"));
        Assert.Equal(long.MinValue, Window.Of(CalendarUnit.Day, zone).StartMs(0));
        Assert.Null(CalendarZone.Of("../../etc/passwd"));
    }

    private static long Ms(string utc) => At(utc).ToUnixTimeMilliseconds();

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture);

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
