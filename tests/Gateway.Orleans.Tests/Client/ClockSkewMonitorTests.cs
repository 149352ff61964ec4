namespace Gateway.Orleans.Tests.Client;

/// <summary>What the clocks of owners prove about that of the one who asks.</summary>
public sealed class ClockSkewMonitorTests
{
    private const string Noon = "2026-03-02T12:00:00Z";
    private readonly ManualTime _time = new(Noon);

    [Theory]
    [InlineData(-1000)]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(3000)]
    public void Proves_nothing_while_a_good_clock_could_have_said_so(long ownerMs)
    {
        var clocks = new ClockSkewMonitor(_time);
        _time.Advance(60_000);

        // Two seconds passed between question and answer: the owner's clock may have been read at any instant of them.
        clocks.Record(1_000_000, 1_002_000, 1_000_000 + ownerMs);

        Assert.Null(clocks.Fault);
    }

    [Theory]
    [InlineData(-1001, "1.0 s ahead of")]
    [InlineData(3500, "1.5 s behind")]
    public void Proves_a_difference_that_every_answer_shows_for_five_seconds(long ownerMs, string words)
    {
        var clocks = new ClockSkewMonitor(_time);
        clocks.Record(1_000_000, 1_002_000, 1_000_000 + ownerMs);
        Assert.Null(clocks.Fault);

        _time.Advance(5000);

        Assert.Contains(words, clocks.Fault, StringComparison.Ordinal);
        clocks.Record(1_005_000, 1_005_000, 1_005_100);
        Assert.Null(clocks.Fault);
    }

    [Fact]
    public void Takes_one_owner_that_is_off_for_what_it_is()
    {
        var clocks = new ClockSkewMonitor(_time);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(1000);
            clocks.Record(i, i, i + (i % 3 == 0 ? 0 : 60_000));
            Assert.Null(clocks.Fault);
        }
    }

    [Fact]
    public async Task Is_heard_of_from_the_owners_of_a_cluster()
    {
        await using var cluster = await TestCluster.StartAsync();
        var ahead = new ManualTime("2026-03-02T10:00:10Z");
        using var limiter = new ClusterEngine(
            cluster.Orleans.Client, new ProcessClock(ahead), new ClusterEngineOptions(), ahead,
            NullLogger<ClusterEngine>.Instance);
        var cost = Calls.Cost(Calls.Key(), max: 10);
        var good = cluster.Limiter();
        await good.CallAsync(cluster, cost);
        await limiter.CallAsync(cluster, cost);
        ahead.Advance(5000);
        cluster.Time.Advance(5000);

        await good.CallAsync(cluster, cost);
        await limiter.CallAsync(cluster, cost);

        Assert.Null(good.ClockFault);
        Assert.Contains("10.0 s ahead of the clocks of the silos", limiter.ClockFault, StringComparison.Ordinal);
    }
}
