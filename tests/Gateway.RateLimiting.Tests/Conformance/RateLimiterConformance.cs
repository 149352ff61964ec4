namespace Gateway.RateLimiting.Tests.Conformance;

/// <summary>What a limiter of windows has to do, whoever made it: five permits a window, and nobody waits.</summary>
public abstract class RateLimiterConformance : IAsyncLifetime
{
    protected const int Limit = 5;

    private readonly List<IAsyncDisposable> _owned = [];
    private RateLimiter _limiter = null!;

    /// <summary>The framework's sliding window does not know.</summary>
    protected virtual bool SaysWhenToComeAgain => true;

    protected abstract Task<RateLimiter> OpenAsync();

    public async Task InitializeAsync() => _limiter = await OpenAsync();

    public async Task DisposeAsync()
    {
        await _limiter.DisposeAsync();
        foreach (var one in _owned)
            await one.DisposeAsync();
    }

    /// <summary>Ends with the test.</summary>
    protected T Own<T>(T one)
        where T : IAsyncDisposable
    {
        _owned.Add(one);
        return one;
    }

    [Fact]
    public async Task Admits_the_limit_and_refuses_the_next_with_a_time_to_come_again()
    {
        for (var i = 0; i < Limit; i++)
            Assert.True((await _limiter.AcquireAsync()).IsAcquired);

        using var refused = await _limiter.AcquireAsync();

        Assert.False(refused.IsAcquired);
        Assert.Equal(SaysWhenToComeAgain, refused.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.Equal(SaysWhenToComeAgain, retryAfter > TimeSpan.Zero);
        Assert.Equal(SaysWhenToComeAgain, refused.GetAllMetadata().Any(static one => one.Value is TimeSpan));
    }

    [Fact]
    public async Task An_attempt_and_an_acquire_where_it_fails_take_the_limit_together()
    {
        for (var i = 0; i < Limit; i++)
            Assert.True(_limiter.AttemptAcquire().IsAcquired || (await _limiter.AcquireAsync()).IsAcquired);

        Assert.False(_limiter.AttemptAcquire().IsAcquired);
        Assert.False((await _limiter.AcquireAsync()).IsAcquired);
    }

    [Fact]
    public async Task Several_permits_are_taken_all_or_none()
    {
        Assert.True((await _limiter.AcquireAsync(4)).IsAcquired);
        Assert.False((await _limiter.AcquireAsync(2)).IsAcquired);
        Assert.True((await _limiter.AcquireAsync(1)).IsAcquired);
    }

    [Fact]
    public async Task No_permits_ask_whether_there_is_room()
    {
        Assert.True((await _limiter.AcquireAsync(0)).IsAcquired);
        Assert.True((await _limiter.AcquireAsync(Limit)).IsAcquired);

        // An AcquireAsync would wait here for room, where the framework made the limiter.
        Assert.False(_limiter.AttemptAcquire(0).IsAcquired);
    }

    [Fact]
    public async Task More_than_the_limit_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _limiter.AttemptAcquire(Limit + 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _limiter.AcquireAsync(Limit + 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _limiter.AcquireAsync(-1));
        Assert.True((await _limiter.AcquireAsync(Limit)).IsAcquired);
    }

    [Fact]
    public async Task The_end_of_a_lease_gives_nothing_back()
    {
        (await _limiter.AcquireAsync(Limit)).Dispose();

        Assert.False((await _limiter.AcquireAsync()).IsAcquired);
    }

    [Fact]
    public async Task Statistics_say_what_is_left_and_what_was_said()
    {
        await _limiter.AcquireAsync(4);
        var left = _limiter.GetStatistics()!.CurrentAvailablePermits;
        await _limiter.AcquireAsync(2);

        var statistics = _limiter.GetStatistics()!;

        Assert.Equal((1, 1, 1, 0L), (left, statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases,
            statistics.CurrentQueuedCount));
    }

    [Fact]
    public async Task A_cancelled_caller_takes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _limiter.AcquireAsync(Limit, new CancellationToken(canceled: true)));

        Assert.True((await _limiter.AcquireAsync(Limit)).IsAcquired);
    }

    [Fact]
    public async Task Answers_nobody_once_it_has_ended()
    {
        await _limiter.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => _limiter.AttemptAcquire());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _limiter.AcquireAsync());
    }
}
