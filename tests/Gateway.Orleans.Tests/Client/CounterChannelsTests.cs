namespace Gateway.Orleans.Tests.Client;

/// <summary>Which line a key leads to: the short cut in the key decides nothing.</summary>
public sealed class CounterChannelsTests : IAsyncLifetime
{
    private readonly ManualTime _time = new("2026-03-02T10:00:00Z");
    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(silos: 1);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public void Equal_keys_lead_to_one_line_and_each_limiter_has_its_own()
    {
        using var lines = Open();
        using var others = Open();
        var key = Calls.Key();
        var line = lines.To(key);
        var other = others.To(key);

        Assert.NotSame(line, other);
        Assert.Same(line, lines.To(key));
        Assert.True(CounterKeyReader.TryRead(key.Text, out var twin));
        Assert.Same(line, lines.To(twin!));
        Assert.Same(other, others.To(twin!));
    }

    [Fact]
    public void A_line_that_was_dropped_for_want_of_use_is_used_no_more()
    {
        using var lines = Open();
        var key = Calls.Key();
        var line = lines.To(key);

        _time.Advance(TimeSpan.FromMinutes(2).TotalMilliseconds);
        lines.Sweep();

        Assert.NotSame(line, lines.To(key));
        Assert.Same(lines.To(key), lines.To(key));
    }

    private CounterChannels Open() =>
        new(_cluster.Orleans.Client, new(), _time, new ProcessClock(_time), NullLogger.Instance);
}
