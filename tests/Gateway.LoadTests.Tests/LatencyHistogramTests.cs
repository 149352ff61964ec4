using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Knows_every_percentile_to_one_percent_and_never_understates_it()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var histogram = new LatencyHistogram();
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 30)).ToArray();
        foreach (var value in values)
            histogram.Record(value);
        Array.Sort(values);

        foreach (var share in new[] { 0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0 })
        {
            var exact = values[Math.Max(0, (int)Math.Ceiling(share * values.Length) - 1)];
            var known = histogram.At(share);
            Assert.True(known >= exact && known <= exact * 1.01 + 1, $"seed {seed}: {share} is {exact}, not {known}");
        }

        Assert.Equal(values[^1], histogram.MaxNs);
        Assert.Equal(values.Length, histogram.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(long.MaxValue)]
    public void Takes_any_duration(long ns)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(ns);

        Assert.Equal(ns, histogram.At(0.5));
        Assert.Equal(ns, histogram.MaxNs);
    }

    [Fact]
    public void Counts_what_others_counted()
    {
        var (one, other) = (new LatencyHistogram(), new LatencyHistogram());
        one.Record(10);
        other.Record(1_000_000);
        one.Add(other);

        Assert.Equal(2, one.Count);
        Assert.Equal(10, one.At(0.5));
        Assert.Equal(1_000_000, one.At(1));
    }

    [Fact]
    public void Is_zero_where_nothing_was_counted() => Assert.Equal(0, new LatencyHistogram().At(0.99));
}
