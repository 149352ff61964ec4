namespace Gateway.RateLimiting.Tests;

public sealed class ExactRateLimiterTests
{
    private static ExactLimit Five => new("shop", "calls", 5, "minute");

    [Fact]
    public async Task Processes_over_one_store_share_one_limit()
    {
        var (store, time) = (new SharedStore(), new ManualTime("2026-03-01T12:00:10Z"));
        await using var one = new Engine(isShared: true, store, time);
        await using var two = new Engine(isShared: true, store, time);
        await using var left = one.Limiter(Five);
        await using var right = two.Limiter(Five);

        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            async () => await (i % 2 == 0 ? left : right).AcquireAsync())));

        Assert.Equal(5, leases.Count(static lease => lease.IsAcquired));
    }

    [Fact]
    public async Task An_attempt_that_would_wait_for_the_store_fails_and_takes_nothing()
    {
        var store = new StoppedStore();
        await using var engine = new Engine(isShared: true, store);
        await using var limiter = engine.Limiter(Five);

        Assert.False(limiter.AttemptAcquire(3).IsAcquired);
        Assert.False(limiter.AttemptAcquire(0).IsAcquired);
        var all = limiter.AcquireAsync(5);
        Assert.False(all.IsCompleted);
        store.Start();

        Assert.True((await all).IsAcquired);
        Assert.False((await limiter.AcquireAsync()).IsAcquired);
    }

    [Fact]
    public async Task The_acquire_after_a_failed_attempt_takes_what_that_asked_for()
    {
        var store = new StoppedStore();
        await using var engine = new Engine(isShared: true, store);
        await using var limiter = engine.Limiter(Five);

        Assert.False(limiter.AttemptAcquire(5).IsAcquired);
        var acquired = limiter.AcquireAsync(5);
        store.Start();

        Assert.True((await acquired).IsAcquired);
        Assert.Equal(1, store.Writes);
        Assert.False((await limiter.AcquireAsync()).IsAcquired);
    }

    [Fact]
    public async Task Who_goes_while_taking_over_an_attempt_leaves_nothing_taken()
    {
        var store = new StoppedStore();
        await using var engine = new Engine(isShared: true, store);
        await using var limiter = engine.Limiter(Five);
        using var leaving = new CancellationTokenSource();

        Assert.False(limiter.AttemptAcquire(5).IsAcquired);
        var left = limiter.AcquireAsync(5, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await left);
        var next = limiter.AcquireAsync(4);
        store.Start();

        Assert.True((await next).IsAcquired);
        Assert.True((await limiter.AcquireAsync()).IsAcquired);
    }

    [Fact]
    public async Task Starts_again_with_the_next_window_and_reports_when()
    {
        var time = new ManualTime("2026-03-01T12:00:10Z");
        await using var engine = new Engine(isShared: false, time: time);
        await using var limiter = engine.Limiter(Five);
        await limiter.AcquireAsync(5);

        var refused = await limiter.AcquireAsync();
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(52));
        Assert.True(refused.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.Contains("0 of 5 left", reason, StringComparison.Ordinal);
        time.Advance(50_000);

        Assert.True((await limiter.AcquireAsync(5)).IsAcquired);
    }

    [Fact]
    public async Task Takes_costs_that_are_no_whole_numbers()
    {
        await using var engine = new Engine(isShared: false);
        await using var limiter = engine.Limiter(Five);

        Assert.True((await limiter.AcquireAsync(Asked.Units("4.75"))).IsAcquired);
        Assert.False((await limiter.AcquireAsync(Asked.Units("0.26"))).IsAcquired);
        Assert.True((await limiter.AcquireAsync(Asked.Units("0.25"))).IsAcquired);
    }

    [Theory]
    [InlineData("", "calls", 5, "minute")]
    [InlineData("shop", "", 5, "minute")]
    [InlineData("shop", "calls", 0, "minute")]
    [InlineData("shop", "calls", 5, "fortnight")]
    public void Refuses_a_limit_that_is_none(string domain, string name, int permits, string window) =>
        Assert.ThrowsAny<ArgumentException>(() => new ExactLimit(domain, name, permits, window));

    [Fact]
    public async Task Partitions_are_counted_apart_and_some_not_at_all()
    {
        await using var engine = new Engine(isShared: false);
        await using var limiter = engine.Partitioned<string>(
            static user => user == "root" ? null : new ExactLimit("shop", "calls", 2, "hour", partition: user));

        foreach (var user in (string[])["anna", "berta"])
        {
            Assert.True((await limiter.AcquireAsync(user, 2)).IsAcquired);
            Assert.False((await limiter.AcquireAsync(user)).IsAcquired);
            Assert.False(limiter.AttemptAcquire(user).IsAcquired);
        }

        Assert.True(limiter.AttemptAcquire("root", 1000).IsAcquired);
        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.AttemptAcquire("anna", 3));
    }
}
