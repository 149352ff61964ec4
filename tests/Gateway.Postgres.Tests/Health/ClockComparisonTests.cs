namespace Gateway.Postgres.Tests.Health;

public sealed class ClockComparisonTests
{
    [Theory]
    [InlineData(10_000, 10_020, 10_010, 0)]
    [InlineData(10_000, 10_020, 9_000, 0)]
    [InlineData(10_000, 10_020, 11_020, 0)]
    [InlineData(10_000, 10_020, 8_999, 1001)]
    [InlineData(10_000, 10_020, 11_021, -1001)]
    [InlineData(10_000, 14_000, 14_900, 0)]
    public void Proves_only_what_lies_outside_the_round_trip(long sentMs, long receivedMs, long storeMs, long aheadMs)
    {
        var comparison = new ClockComparison(sentMs, receivedMs, storeMs);
        Assert.Equal(aheadMs, comparison.ProvenAheadMs);
        Assert.Equal(aheadMs == 0, comparison.Fault is null);
    }

    [Fact]
    public void Says_which_way_and_what_to_do()
    {
        Assert.Contains("5000 ms behind", new ClockComparison(0, 0, 5000).Fault, StringComparison.Ordinal);
        Assert.Contains("5000 ms ahead of", new ClockComparison(5000, 5000, 0).Fault, StringComparison.Ordinal);
        Assert.Contains("time synchronization", new ClockComparison(5000, 5000, 0).Fault, StringComparison.Ordinal);
    }
}
