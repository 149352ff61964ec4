namespace Gateway.Server.Tests.Demo;

public sealed class DemoWindowTests
{
    [Theory]
    [InlineData("2026-03-01T12:00:00.000Z", 0)]
    [InlineData("2026-03-01T12:00:45.000Z", 0)]
    [InlineData("2026-03-01T12:00:45.001Z", 14_999)]
    [InlineData("2026-03-01T12:00:59.999Z", 1)]
    public void Waits_only_where_less_than_15_seconds_of_the_minute_are_left(string now, int expectedMs) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(expectedMs),
            DemoWindow.WaitAt(
                DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), DemoWindow.RoomMin));

    [Fact]
    public async Task Waits_until_the_clock_shows_the_next_minute()
    {
        var time = new SteppingTime(DateTimeOffset.UnixEpoch.AddSeconds(50));
        var output = new StringWriter();

        await DemoWindow.WaitForRoomAsync(DemoWindow.RoomMin, time, output, CancellationToken.None);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(60), time.GetUtcNow());
        Assert.Contains("Waiting 10 s", output.ToString());
    }

    [Fact]
    public async Task Waits_again_where_the_timer_fired_early()
    {
        var time = new SteppingTime(DateTimeOffset.UnixEpoch.AddSeconds(50), early: TimeSpan.FromMilliseconds(3));

        await DemoWindow.WaitForRoomAsync(DemoWindow.RoomMin, time, TextWriter.Null, CancellationToken.None);

        Assert.Equal(TimeSpan.Zero, DemoWindow.WaitAt(time.GetUtcNow(), DemoWindow.RoomMin));
        Assert.True(time.Timers > 1);
    }
}
