using Gateway.Cluster.Clocks;

namespace Gateway.Cluster.Tests.Clocks;

/// <summary>Whose clock is wrong, where the store's and the silos' differ.</summary>
public sealed class ClockEvaluatorTests
{
    [Theory]
    [InlineData(0, 900, new long[] { 0, 0 }, false)] // nothing is proven below a second
    [InlineData(2000, 2000, new long[] { 0, 10 }, true)]
    [InlineData(-2000, -2000, new long[] { 0, 10 }, true)]
    [InlineData(2000, 2000, new long[] { 0 }, true)] // of two, the one that the store contradicts
    [InlineData(2000, 2000, new long[] { 1900, 2100 }, false)] // it is the store's that is off
    [InlineData(2000, 2000, new long[] { 0, 2000 }, false)] // no majority
    [InlineData(2000, 2000, new long[] { 0, 0, 2000 }, true)]
    [InlineData(60_000, 60_000, new long[] { }, false)] // alone, nobody could take over
    public void Is_wrong_against_the_store_and_most_of_its_peers(
        long provenMs, long aheadMs, long[] peers, bool expected) =>
        Assert.Equal(expected, ClockEvaluator.IsWrong(provenMs, aheadMs, peers));
}
