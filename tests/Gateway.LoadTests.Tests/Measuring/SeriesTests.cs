using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Tests.Measuring;

public sealed class SeriesTests
{
    [Fact]
    public void Compares_round_by_round_not_median_by_median()
    {
        var ratio = Series.Ratio("", [10, 40, 30], [10, 20, 10]);

        Assert.Equal([1.0, 2.0, 3.0], ratio.Values);
        Assert.Equal((2.0, 1.0, 3.0), (ratio.Median, ratio.Least, ratio.Most));
    }

    [Fact]
    public void Subtracts_round_by_round() => Assert.Equal([1.0, 2.0], Series.Above("", [2, 4], [1, 2]).Values);

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    public void Finds_the_middle_in_any_order(double[] values, double middle) =>
        Assert.Equal(middle, new Series("", values).Median);
}
