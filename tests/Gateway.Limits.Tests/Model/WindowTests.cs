namespace Gateway.Limits.Tests.Model;

public sealed class WindowTests
{
    [Theory]
    [InlineData("minute", "60s")]
    [InlineData("60s", "60s")]
    [InlineData("1m", "60s")]
    [InlineData("15m", "900s")]
    [InlineData("6h", "21600s")]
    [InlineData("7d", "604800s")]
    [InlineData("day", "86400s")]
    [InlineData("week", "week")]
    [InlineData("month", "month")]
    public void Has_one_normal_form(string written, string normal)
    {
        Assert.True(Window.TryParse(written, out var window));
        Assert.Equal(normal, window.ToString());
        Assert.True(Window.TryParse(normal, out var again));
        Assert.Equal(window, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("60")]
    [InlineData("1w")]
    [InlineData("1.5h")]
    [InlineData("Minute")]
    [InlineData("s")]
    [InlineData("060s")]
    [InlineData("999999999s")]
    [InlineData("99999999999999999999s")]
    [InlineData(null)]
    public void Refuses_what_is_no_window(string? written) => Assert.False(Window.TryParse(written, out _));

    [Theory]
    [InlineData("minute", "2026-03-01T12:34:56.789Z", "2026-03-01T12:34:00Z", "2026-03-01T12:35:00Z")]
    [InlineData("90s", "1970-01-01T00:01:29Z", "1970-01-01T00:00:00Z", "1970-01-01T00:01:30Z")]
    [InlineData("week", "2026-03-01T23:59:59.999Z", "2026-02-23T00:00:00Z", "2026-03-02T00:00:00Z")]
    [InlineData("week", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z")]
    [InlineData("month", "2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData("month", "2026-12-31T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("minute", "1969-12-31T23:59:30Z", "1969-12-31T23:59:00Z", "1970-01-01T00:00:00Z")]
    public void Starts_and_ends_in_utc(string written, string now, string start, string end)
    {
        Assert.True(Window.TryParse(written, out var window));
        var startMs = window.StartMs(Ms(now));
        Assert.Equal(Ms(start), startMs);
        Assert.Equal(Ms(end), window.EndMs(startMs));
    }

    [Fact]
    public void A_week_is_not_a_length_of_604800_seconds()
    {
        Assert.True(Window.TryFromSeconds(604_800, out var length));
        Assert.NotEqual(Window.Week, length);
        Assert.NotEqual(Window.Week.StartMs(0), length.StartMs(0));
    }

    private static long Ms(string text) => DateTimeOffset.Parse(text).ToUnixTimeMilliseconds();
}
