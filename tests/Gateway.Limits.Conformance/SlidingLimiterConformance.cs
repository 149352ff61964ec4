using Gateway.Limits.Windows;

namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do with sliding limits. Of one of 10 s: a number may be used for 500 ms after it was
/// reserved, and is free again 11,001 ms after it (the length, that, twice the clocks' tolerance, and a moment).
/// </summary>
public abstract class SlidingLimiterConformance(ILimiterSubject subject)
    : MomentaryLimiterConformance(subject, WindowKind.Sliding)
{
    private const int FreeAfterMs = LengthMs + UseMs + (2 * ClockBounds.EpsilonMs) + 1;

    [Fact]
    public async Task Admits_up_to_the_maximum_and_says_when_there_is_room_again()
    {
        await AdmitsAsync(1, Asked.Sliding(3));
        Time.Advance(1000);
        await AdmitsAsync(2, Asked.Sliding(3));
        var decision = await AcquireAsync(Asked.Sliding(3));
        var refused = decision.Refusal!;
        Assert.Equal(RefusalKind.NoRoom, refused.Kind);
        Assert.Equal(Amount.FromUnits(3), refused.Used);
        Assert.Equal(Amount.Zero, refused.Remaining);
        Assert.Equal(Time.NowMs - 1000 + FreeAfterMs, refused.ResetAtMs);
        Assert.InRange(decision.RetryAfterMs!.Value, FreeAfterMs - 1000, FreeAfterMs);
        Assert.Contains("in any 10s", refused.Reason, StringComparison.Ordinal);
        var two = (await AcquireAsync(Asked.Sliding(3, "2"))).Refusal!;
        Assert.Equal(Time.NowMs + FreeAfterMs, two.ResetAtMs);
    }

    [Fact]
    public async Task What_was_admitted_slides_out_one_after_the_other()
    {
        for (var i = 0; i < 3; i++)
        {
            await AdmitsAsync(1, Asked.Sliding(3));
            Time.Advance(1000);
        }

        // A call that is refused waits a moment for what may come back, and that counts.
        Time.Advance(FreeAfterMs - 3000 - 100);
        for (var i = 0; i < 3; i++)
        {
            Assert.False((await AcquireAsync(Asked.Sliding(3))).IsAdmitted);
            Time.Advance(100);
            await AdmitsAsync(1, Asked.Sliding(3));
            Assert.False((await AcquireAsync(Asked.Sliding(3))).IsAdmitted);
            Time.Advance(900);
        }
    }

    [Fact]
    public async Task No_interval_holds_more_than_the_maximum_whenever_calls_come()
    {
        var random = new Random(7);
        var admitted = new List<long>();
        long lastMs = 0;
        for (var i = 0; i < 400; i++)
        {
            Time.Advance(random.Next(4) == 0 ? random.Next(3000) : random.Next(200));
            var permit = (await AcquireAsync(Asked.Sliding(5))).Permit;
            if (permit.IsMissing)
            {
                Assert.True(admitted.Count(at => at + FreeAfterMs + 10 > Time.NowMs) >= 5, "refused without need");
                continue;
            }

            Time.Advance(random.Next(UseMs + 1));
            Assert.True(Spend(permit));
            admitted.Add(lastMs = Time.NowMs);
            Assert.InRange(admitted.Count(at => at > lastMs - LengthMs), 1, 5);
        }

        Assert.True(admitted.Count > 30, $"only {admitted.Count}");
    }

    [Fact]
    public async Task A_burst_at_the_edge_of_a_fixed_window_gains_nothing()
    {
        Time.Advance(9000);
        await AdmitsAsync(5, Asked.Sliding(5));
        Time.Advance(1500);
        Assert.False((await AcquireAsync(Asked.Sliding(5))).IsAdmitted);
    }

    [Fact]
    public async Task A_refund_gives_back_while_the_permit_was_good_and_not_later()
    {
        var soon = (await AcquireAsync(Asked.Sliding(1, refundOnError: true))).Permit!;
        Assert.True(Spend(soon));
        Time.Advance(UseMs);
        await Limiter.RefundAsync(soon, default);
        await Limiter.RefundAsync(soon, default);
        var late = (await AcquireAsync(Asked.Sliding(1, refundOnError: true))).Permit!;
        Assert.True(Spend(late));
        Time.Advance(UseMs + 1);
        await Limiter.RefundAsync(late, default);
        Assert.False((await AcquireAsync(Asked.Sliding(1))).IsAdmitted);
    }

    [Fact]
    public async Task A_look_takes_nothing_and_knows_when_all_is_free()
    {
        var empty = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Sliding(2)), default);
        Assert.Equal(Amount.Zero, empty.Permit!.Parts[0].UsedAfter);
        await AdmitsAsync(1, Asked.Sliding(2));
        var takenAtMs = Time.NowMs;
        Time.Advance(3000);
        for (var i = 0; i < 3; i++)
        {
            var look = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Sliding(2)), default);
            Assert.Equal(Amount.One, look.Permit!.Parts[0].UsedAfter);
            Assert.Equal(takenAtMs + FreeAfterMs, look.Permit.Parts[0].ResetAtMs);
            Assert.NotEqual(SpendOutcome.Spent, look.Permit.TrySpend(Time.NowMs, out _));
        }

        await AdmitsAsync(1, Asked.Sliding(2));
        var full = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Sliding(2)), default);
        Assert.Equal(RefusalKind.NoRoom, full.Refusal!.Kind);
        Assert.Equal(takenAtMs + FreeAfterMs, full.Refusal.ResetAtMs);
    }

    [Fact]
    public async Task Keeps_what_was_counted_over_an_orderly_end()
    {
        await AdmitsAsync(3, Asked.Sliding(5));
        var unused = (await AcquireAsync(Asked.Sliding(5))).Permit!;
        await Limiter.ReleaseAsync(unused, default);
        await ReopenAsync();
        await AdmitsAsync(2, Asked.Sliding(5));
        Assert.False((await AcquireAsync(Asked.Sliding(5))).IsAdmitted);
        Time.Advance(FreeAfterMs);
        await AdmitsAsync(5, Asked.Sliding(5));
    }

    [Fact]
    public async Task Weeks_and_long_lengths_slide_too()
    {
        await AdmitsAsync(1, Asked.Sliding(1, window: "week"));
        await AdmitsAsync(1, Asked.Sliding(1, counter: "long", window: "8760h"));
        Time.Advance(7L * 86_400_000);
        Assert.False((await AcquireAsync(Asked.Sliding(1, window: "week"))).IsAdmitted);
        Assert.False((await AcquireAsync(Asked.Sliding(1, counter: "long", window: "8760h"))).IsAdmitted);
        Time.Advance(3 + (7 * 86_400_000 / 1000) + 3000);
        await AdmitsAsync(1, Asked.Sliding(1, window: "week"));
    }
}
