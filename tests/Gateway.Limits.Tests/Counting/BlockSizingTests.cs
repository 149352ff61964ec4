namespace Gateway.Limits.Tests.Counting;

/// <summary>How large a block a sole owner reserves.</summary>
public sealed class BlockSizingTests
{
    private static readonly Int128 Unit = Amount.One.Nano;

    [Theory]
    [InlineData(0, 0, 1_000_000, 0)]
    [InlineData(7, 0, 1_000_000, 7)]
    [InlineData(0, 1000, 1_000_000, 1000)]
    [InlineData(0, 1000, 999, 0)]
    [InlineData(0, 1000, 1000, 1)]
    [InlineData(0, 1000, 1999, 1)]
    [InlineData(8, 1000, 4000, 8)]
    [InlineData(8, 1000, 16, 4)]
    [InlineData(0, 1000, 1_000_000_000, 65_536)]
    public void Reserves_the_last_seconds_demand_or_the_least_part_within_the_bounds(
        int demand, int leastPart, long max, long block)
    {
        var counted = default(BlockSizing);
        for (var i = 0; i < demand; i++) counted.Add(Unit, nowMs: 1000);

        Assert.Equal(block, (long)(counted.Block(Unit, max * Unit, leastPart) / Unit));
    }
}
