using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Tests;

public sealed class TrendTests
{
    [Fact]
    public void Finds_a_leak_in_the_noise_of_a_collector()
    {
        // 1 MB a minute, below a saw of 20 MB.
        var trend = Trend.Of([.. Samples(3600, static second => 100 + (second / 60.0) + (second % 20))]);

        Assert.InRange(trend.PerHour, 59, 61);
        Assert.InRange(trend.Growth, 44, 46);
        Assert.False(trend.IsFlat(0.05, 8));
    }

    [Fact]
    public void Calls_a_saw_without_a_leak_flat()
    {
        var trend = Trend.Of([.. Samples(3600, static second => 100 + (second % 20))]);

        Assert.InRange(trend.Growth, -1, 1);
        Assert.True(trend.IsFlat(0.05, 1));
    }

    [Fact]
    public void Leaves_out_the_first_quarter_in_which_a_process_warms_up()
    {
        var trend = Trend.Of([.. Samples(400, static second => Math.Min(second, 100))]);

        Assert.Equal(0, trend.Growth);
        Assert.Equal(100, trend.Median);
    }

    [Fact]
    public void Calls_what_falls_flat() =>
        Assert.True(Trend.Of([.. Samples(400, static second => 400 - second)]).IsFlat(0, 0));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Is_flat_where_there_is_nothing_to_compare(int samples) =>
        Assert.Equal(0, Trend.Of([.. Samples(samples, static _ => 7)]).Growth);

    private static IEnumerable<(double Seconds, double Value)> Samples(int count, Func<int, double> value) =>
        Enumerable.Range(0, count).Select(second => ((double)second, value(second)));
}
