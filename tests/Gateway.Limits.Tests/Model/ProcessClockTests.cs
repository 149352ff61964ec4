namespace Gateway.Limits.Tests.Model;

public sealed class ProcessClockTests
{
    private readonly ManualTime _time = new("2026-03-01T12:00:00Z");

    [Fact]
    public void Follows_the_wall_clock()
    {
        var clock = new ProcessClock(_time);
        var startMs = clock.NowMs();
        _time.Advance(12_345);
        Assert.Equal(startMs + 12_345, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void Never_goes_back_and_approaches_a_wall_clock_that_was_set_back()
    {
        var clock = new ProcessClock(_time);
        var lastMs = clock.NowMs();
        _time.StepWall(-1000);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(100);
            var nowMs = clock.NowMs();
            Assert.True(nowMs >= lastMs, "the clock went back");
            lastMs = nowMs;
        }

        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void Doubts_a_jump_forward_that_nothing_confirms_until_it_is_undone()
    {
        var clock = new ProcessClock(_time);
        var startMs = clock.NowMs();
        _time.StepWall(3_600_000);
        _time.Advance(1000);
        Assert.Equal(startMs + 1000, clock.NowMs());
        Assert.False(clock.IsTrusted);

        _time.StepWall(-3_600_000);
        Assert.Equal(startMs + 1000, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void Believes_a_jump_forward_after_a_suspend()
    {
        var suspendedMs = 5000L;
        var clock = new ProcessClock(_time, () => suspendedMs + (long)_time.GetElapsedTime(0).TotalMilliseconds);
        clock.NowMs();
        _time.StepWall(3_600_000);
        suspendedMs += 3_600_000;
        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void Believes_a_jump_forward_that_the_store_confirms()
    {
        var clock = new ProcessClock(_time);
        clock.NowMs();
        _time.StepWall(3_600_000);
        clock.NowMs();
        Assert.False(clock.IsTrusted);
        Assert.False(clock.Witness(_time.NowMs - 3_600_000));
        Assert.True(clock.Witness(_time.NowMs + 300));
        Assert.Equal(_time.NowMs, clock.NowMs());
    }

    [Theory]
    [InlineData(900, 0)]
    [InlineData(-900, 0)]
    [InlineData(200, 200)] // within the bound every clock may be off
    [InlineData(1500, 1500)] // wrong, and left as it is
    public void Counts_by_the_stores_clock_where_it_is_off_by_less_than_a_second(int offMs, int staysMs)
    {
        var rightMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = new ProcessClock(_time);
        var lastMs = clock.NowMs();
        for (var i = 0; i < 40; i++)
        {
            clock.Compare(offMs);
            _time.Advance(100);
            var nowMs = clock.NowMs();
            Assert.True(nowMs >= lastMs, "the clock went back");
            lastMs = nowMs;
        }

        Assert.Equal(rightMs + 4000 + staysMs, lastMs);
        _time.StepWall(-offMs);
        clock.Compare(0);
        _time.Advance(16_000);
        Assert.Equal(rightMs + 20_000, clock.NowMs());
    }

    [Theory]
    [InlineData(900)]
    [InlineData(-900)]
    public void Follows_no_small_step_that_the_store_does_not_know_of(int stepMs)
    {
        var clock = new ProcessClock(_time);
        var startMs = clock.NowMs();
        clock.Compare(0);
        _time.StepWall(stepMs);
        _time.Advance(500);
        Assert.Equal(startMs + 500, clock.NowMs());
        clock.Compare(stepMs);
        _time.Advance(500);
        Assert.Equal(startMs + 1000, clock.NowMs());
        _time.StepWall(-stepMs);
        _time.Advance(500);
        Assert.Equal(startMs + 1500, clock.NowMs());
        clock.Compare(0);
        Assert.Equal(startMs + 1500, clock.NowMs());
    }
}
