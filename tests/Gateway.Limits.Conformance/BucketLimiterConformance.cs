using Gateway.Limits.Windows;

namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do with buckets. One of 10 s and 5 is full with 5, gets one back every 2 s, and what it gave
/// may be used for 500 ms.
/// </summary>
public abstract class BucketLimiterConformance(ILimiterSubject subject)
    : MomentaryLimiterConformance(subject, WindowKind.Bucket)
{
    [Fact]
    public async Task Admits_the_maximum_at_once_and_says_when_there_is_room_again()
    {
        await AdmitsAsync(5, Asked.Bucket(5));
        // The larger first: who remembers a refusal says of more than was refused what it knows.
        Assert.Equal(Time.NowMs + 6000, (await AcquireAsync(Asked.Bucket(5, "3"))).Refusal!.ResetAtMs);
        var decision = await AcquireAsync(Asked.Bucket(5));
        var refused = decision.Refusal!;
        Assert.Equal(RefusalKind.NoRoom, refused.Kind);
        Assert.Equal(Amount.FromUnits(5), refused.Used);
        Assert.Equal(Amount.Zero, refused.Remaining);
        Assert.Equal(Time.NowMs + 2000, refused.ResetAtMs);
        Assert.InRange(decision.RetryAfterMs!.Value, 2000, 3000);
        Assert.Contains("refills by 5 in 10s", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refills_evenly_and_never_above_the_maximum()
    {
        await AdmitsAsync(5, Asked.Bucket(5));
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(1900);
            Assert.False((await AcquireAsync(Asked.Bucket(5))).IsAdmitted);
            Time.Advance(100);
            await AdmitsAsync(1, Asked.Bucket(5));
        }

        Time.Advance(5000);
        await AdmitsAsync(5, Asked.Bucket(5, "0.5"));
        Assert.False((await AcquireAsync(Asked.Bucket(5))).IsAdmitted);
        Time.Advance(10 * LengthMs);
        await AdmitsAsync(5, Asked.Bucket(5));
        Assert.False((await AcquireAsync(Asked.Bucket(5, "0.000000001"))).IsAdmitted);
    }

    [Fact]
    public async Task No_interval_holds_more_than_the_full_bucket_and_what_was_refilled_whenever_calls_come()
    {
        var random = new Random(7);
        var admitted = new List<(long Ms, long Cost)>();
        Int128 level = 0;
        var levelMs = Time.NowMs;
        for (var i = 0; i < 500; i++)
        {
            Time.Advance(random.Next(6) == 0 ? random.Next(9000) : random.Next(600));
            var cost = 1 + random.Next(3);
            var nowMs = Time.NowMs;

            // The naive bucket: in parts of a ten-thousandth, of which it gets 7 back in each millisecond.
            level = Int128.Max(0, level - (7 * (nowMs - levelMs)));
            levelMs = nowMs;
            var hasRoom = level + (cost * LengthMs) <= 7 * LengthMs;
            var permit = (await AcquireAsync(Asked.Bucket(7, $"{cost}"))).Permit;
            Assert.Equal(hasRoom, !permit.IsMissing);
            if (!hasRoom) continue;
            level += cost * LengthMs;
            admitted.Add((nowMs, cost));
            Time.Advance(random.Next(2) * random.Next(UseMs + 1));
            Assert.True(Spend(permit));
        }

        Assert.True(admitted.Count > 100, $"only {admitted.Count}");
        for (var from = 0; from < admitted.Count; from++)
        {
            long sum = 0;
            for (var to = from; to < admitted.Count; to++)
            {
                sum += admitted[to].Cost;
                Assert.True(sum * LengthMs <= 7 * (LengthMs + admitted[to].Ms - admitted[from].Ms));
            }
        }
    }

    [Fact]
    public async Task A_refund_gives_back_what_was_not_refilled_since_and_nothing_later()
    {
        var soon = (await AcquireAsync(Asked.Bucket(5, "5", refundOnError: true))).Permit;
        Assert.True(Spend(soon));
        Time.Advance(400);
        await Limiter.RefundAsync(soon, default);
        await Limiter.RefundAsync(soon, default);
        var late = (await AcquireAsync(Asked.Bucket(5, "5", refundOnError: true))).Permit;
        Assert.True(Spend(late));
        Time.Advance(UseMs + 1);
        await Limiter.RefundAsync(late, default);
        Assert.Equal("0.2505", (await AcquireAsync(Asked.Bucket(5))).Refusal!.Remaining.ToString());
    }

    [Fact]
    public async Task What_ran_over_meanwhile_is_not_given_back()
    {
        // After 10 s the bucket was full again: what is released then was refilled, and has been given to others.
        var kept = (await AcquireAsync(Asked.Bucket(5, "5"))).Permit;
        Time.Advance(LengthMs);
        await AdmitsAsync(5, Asked.Bucket(5));
        await Limiter.ReleaseAsync(kept, default);
        Assert.False((await AcquireAsync(Asked.Bucket(5))).IsAdmitted);
    }

    [Fact]
    public async Task A_look_takes_nothing_and_knows_when_all_is_free()
    {
        await AdmitsAsync(2, Asked.Bucket(5));
        Time.Advance(1000);
        for (var i = 0; i < 3; i++)
        {
            var look = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Bucket(5)), default);
            Assert.Equal("1.5", look.Permit.Parts[0].UsedAfter.ToString());
            Assert.Equal(Time.NowMs + 3000, look.Permit.Parts[0].ResetAtMs);
            Assert.NotEqual(SpendOutcome.Spent, look.Permit.TrySpend(Time.NowMs, out _));
        }

        await AdmitsAsync(3, Asked.Bucket(5));
        var full = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Bucket(5)), default);
        Assert.Equal(RefusalKind.NoRoom, full.Refusal!.Kind);
        Assert.Equal(Time.NowMs + 1000, full.Refusal.ResetAtMs);
    }

    [Fact]
    public async Task Keeps_what_was_counted_over_an_end()
    {
        await AdmitsAsync(4, Asked.Bucket(5));
        await ReopenAsync();
        await AdmitsAsync(1, Asked.Bucket(5));
        Assert.False((await AcquireAsync(Asked.Bucket(5))).IsAdmitted);
        Time.Advance(2000);
        await ReopenAsync();
        await AdmitsAsync(1, Asked.Bucket(5));
        Assert.False((await AcquireAsync(Asked.Bucket(5))).IsAdmitted);
    }

    [Fact]
    public async Task Limits_of_one_name_and_of_each_kind_are_counters_of_their_own()
    {
        LimitCost[] all = [Asked.Cost(4, window: "10s"), Asked.Sliding(3), Asked.Bucket(2)];
        await AdmitsAsync(2, all);
        Assert.Equal(2, (await AcquireAsync(all)).Refusal!.CostIndex);
        await AdmitsAsync(1, Asked.Cost(4, window: "10s"), Asked.Sliding(3));
    }

    [Fact]
    public async Task Weeks_and_the_largest_amounts_refill_too()
    {
        var most = Asked.Bucket(999_999_999_999_999_999, "999999999999999999", counter: "most", window: "7d");
        await AdmitsAsync(1, Asked.Bucket(7, "7", window: "week"));
        await AdmitsAsync(1, most);
        Time.Advance(86_400_000);
        await AdmitsAsync(1, Asked.Bucket(7, window: "week"));
        Assert.False((await AcquireAsync(Asked.Bucket(7, window: "week"))).IsAdmitted);
        Assert.False((await AcquireAsync(most)).IsAdmitted);
        Time.Advance(6 * 86_400_000);
        await AdmitsAsync(1, most);
    }
}
