namespace Gateway.Limits.Tests.Model;

public sealed class ProcessClockTests
{
    private const double HourMs = 3_600_000;
    private const double DayMs = 24 * HourMs;

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

    [Fact]
    public void An_hour_back_for_8_s_and_right_again_is_trusted()
    {
        var clock = new ProcessClock(_time);
        var startMs = clock.NowMs();
        _time.StepWall(-HourMs);
        for (var i = 0; i < 80; i++)
        {
            _time.Advance(100);
            clock.NowMs();
        }

        _time.StepWall(HourMs);
        _time.Advance(100);
        Assert.Equal(startMs + 8100, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Theory]
    [InlineData(1200, true)] // within a second and the 720 ms that 4 h may drift
    [InlineData(2000, false)]
    [InlineData(-1200, true)]
    public void A_clock_set_right_after_4_h_is_trusted_if_it_lands_near_the_last_trusted_time(int offMs, bool isTrusted)
    {
        var clock = new ProcessClock(_time);
        clock.NowMs();
        _time.StepWall(-10 * HourMs);
        for (var i = 0; i < 240; i++)
        {
            _time.Advance(6000);
            clock.NowMs();
        }

        _time.StepWall(10 * HourMs + offMs);
        clock.NowMs();
        Assert.Equal(isTrusted, clock.IsTrusted);
    }

    [Fact]
    public void A_doubted_jump_that_is_undone_after_hours_of_drift_is_trusted()
    {
        var clock = new ProcessClock(_time);
        clock.NowMs();
        _time.StepWall(HourMs);
        _time.Advance(10 * HourMs);
        clock.NowMs();
        Assert.False(clock.IsTrusted);
        // The monotonic clock lost 3.6 s in ten hours: 100 ppm.
        _time.StepWall(-HourMs + 3600);
        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void A_clock_set_back_leaves_the_anchor_once_it_caught_up()
    {
        var clock = new ProcessClock(_time);
        clock.NowMs();
        _time.StepWall(-10_000);
        for (var i = 0; i < 900; i++)
        {
            _time.Advance(100);
            clock.NowMs();
        }

        Assert.Equal(_time.NowMs, clock.NowMs());
        _time.StepWall(10_000);
        clock.NowMs();
        Assert.False(clock.IsTrusted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-500)] // within 2 ε
    [InlineData(30 * DayMs)]
    public void A_start_that_agrees_with_the_stored_time_is_trusted(double offMs)
    {
        var storedMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = Stored(storedMs);
        Assert.Equal(Math.Max(storedMs, _time.NowMs), clock.NowMs());
        Assert.True(clock.IsTrusted);
        Assert.Null(clock.Fault);
    }

    [Theory]
    [InlineData(-501, "2026-03-01T11:59:59Z, which is before 2026-03-01T12:00:00Z")]
    [InlineData(-HourMs, "2026-03-01T11:00:00Z, which is before 2026-03-01T12:00:00Z")]
    [InlineData(30 * DayMs + 1, "2026-03-31T12:00:00Z, which is more than 30 days after 2026-03-01T12:00:00Z")]
    public void A_start_that_contradicts_the_stored_time_goes_on_from_that_untrusted(double offMs, string said)
    {
        var storedMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = Stored(storedMs);
        Assert.Equal(storedMs, clock.NowMs());
        Assert.False(clock.IsTrusted);
        Assert.Null(clock.TrustedMs());
        Assert.StartsWith($"the clock of this node shows {said}, ", clock.Reason, StringComparison.Ordinal);
        Assert.EndsWith(": gateway clock accept", clock.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-HourMs)]
    [InlineData(31 * DayMs)]
    public void An_unconfirmed_start_does_not_heal_by_waiting(double offMs)
    {
        var storedMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = Stored(storedMs);
        clock.NowMs();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(HourMs);
            clock.NowMs();
        }

        Assert.Equal(storedMs + 100 * HourMs, clock.NowMs());
        Assert.False(clock.IsTrusted);
    }

    [Theory]
    [InlineData(-HourMs)]
    [InlineData(31 * DayMs)]
    public void An_unconfirmed_start_heals_once_the_clock_is_set_right(double offMs)
    {
        var storedMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = Stored(storedMs);
        clock.NowMs();
        _time.Advance(HourMs);
        _time.StepWall(-offMs + 2000);
        Assert.Equal(storedMs + HourMs + 2000, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void A_start_less_than_a_second_behind_heals_slowly()
    {
        var storedMs = _time.NowMs;
        _time.StepWall(-900);
        var clock = Stored(storedMs);
        var lastMs = clock.NowMs();
        Assert.False(clock.IsTrusted);
        for (var i = 0; i < 33; i++)
        {
            _time.Advance(100);
            var nowMs = clock.NowMs();
            Assert.True(nowMs >= lastMs, "the clock went back");
            lastMs = nowMs;
        }

        Assert.True(clock.IsTrusted);
    }

    [Theory]
    [InlineData(-HourMs)]
    [InlineData(31 * DayMs)]
    public void An_unconfirmed_start_takes_the_wall_clock_once_the_store_confirms_it(double offMs)
    {
        var storedMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = Stored(storedMs);
        Assert.False(clock.Witness(storedMs));
        Assert.True(clock.Witness(_time.NowMs + 300));
        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.Equal(_time.NowMs, clock.TrustedMs());
    }

    [Theory]
    [InlineData(-HourMs)]
    [InlineData(31 * DayMs)]
    public void An_unconfirmed_start_takes_the_wall_clock_once_the_operator_accepts_it(double offMs)
    {
        var storedMs = _time.NowMs;
        _time.StepWall(offMs);
        var clock = Stored(storedMs);
        Assert.True(clock.Accept());
        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.True(clock.IsTrusted);
        Assert.False(clock.Accept());
        _time.Advance(1000);
        Assert.Equal(_time.NowMs, clock.NowMs());
    }

    [Fact]
    public void A_jump_of_a_running_clock_is_trusted_once_the_operator_accepts_it()
    {
        var clock = new ProcessClock(_time);
        clock.NowMs();
        _time.StepWall(HourMs);
        clock.NowMs();
        Assert.False(clock.IsTrusted);
        Assert.True(clock.Accept());
        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.True(clock.IsTrusted);
    }

    [Fact]
    public void A_stored_time_that_cannot_be_read_needs_a_confirmation()
    {
        var clock = new ProcessClock(_time, stored: new StoredTime(null, "it is empty"));
        Assert.Equal(_time.NowMs, clock.NowMs());
        _time.Advance(HourMs);
        Assert.Equal(_time.NowMs, clock.NowMs());
        Assert.False(clock.IsTrusted);
        Assert.Equal("the stored time of this node cannot be read (it is empty)", clock.Reason);
        Assert.True(clock.Accept());
        Assert.True(clock.IsTrusted);
    }

    private ProcessClock Stored(long ms) => new(_time, stored: new StoredTime(ms, null));
}
