namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do, whatever it keeps its counters in. A test project inherits this, opens its limiter over
/// a store of its own for each test, and must pass all of it.
/// </summary>
public abstract class LimiterConformance(ILimiterSubject subject) : LimiterTest(subject)
{
    [Fact]
    public async Task Admits_up_to_the_maximum_and_refuses_the_next()
    {
        await AdmitsAsync(10, Asked.Cost(10));
        var refused = await AcquireAsync(Asked.Cost(10));
        Assert.Equal(RefusalKind.NoRoom, refused.Refusal!.Kind);
        Assert.Equal(Amount.FromUnits(10), refused.Refusal.Used);
        Assert.Equal(Amount.Zero, refused.Refusal.Remaining);
        Assert.Equal(Time.NowMs + 50_000, refused.Refusal.ResetAtMs);
        Assert.InRange(refused.RetryAfterMs!.Value, 50_000, 52_000);
        Assert.Contains("calls", refused.Refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starts_over_in_the_next_window()
    {
        await AdmitsAsync(2, Asked.Cost(2));
        Assert.False((await AcquireAsync(Asked.Cost(2))).IsAdmitted);
        Time.Advance(50_000);
        await AdmitsAsync(2, Asked.Cost(2));
    }

    [Fact]
    public async Task Counts_months_and_weeks_by_the_calendar()
    {
        await AdmitsAsync(1, Asked.Cost(1, window: "month"));
        await AdmitsAsync(1, Asked.Cost(1, window: "week"));
        Time.Advance(12 * 3_600_000);
        Assert.False((await AcquireAsync(Asked.Cost(1, window: "month"))).IsAdmitted);
        await AdmitsAsync(1, Asked.Cost(1, window: "week"));
    }

    [Fact]
    public async Task Many_callers_at_once_are_admitted_exactly_to_the_maximum()
    {
        var numbers = new ConcurrentBag<NumberRange>();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                if ((await AcquireAsync(Asked.Cost(200))).Permit is { } permit && Spend(permit))
                    foreach (var numberRange in permit.Parts[0].Intervals) numbers.Add(numberRange);
        })));
        Assert.Equal(200, numbers.Count);
        Assert.Equal(200, numbers.Distinct().Count());
    }

    [Fact]
    public async Task Takes_every_limit_or_none()
    {
        LimitCost[] both = [Asked.Cost(10, counter: "a"), Asked.Cost(2, counter: "b")];
        await AdmitsAsync(2, both);
        var refused = await AcquireAsync(both);
        Assert.Equal(1, refused.Refusal!.CostIndex);
        await AdmitsAsync(8, Asked.Cost(10, counter: "a"));
        Assert.False((await AcquireAsync(Asked.Cost(10, counter: "a"))).IsAdmitted);
    }

    [Fact]
    public async Task Sums_costs_that_name_one_counter()
    {
        LimitCost[] twice = [Asked.Cost(5), Asked.Cost(5)];
        await AdmitsAsync(2, twice);
        Assert.False((await AcquireAsync(twice)).IsAdmitted);
        await AdmitsAsync(1, Asked.Cost(5));
    }

    [Fact]
    public async Task Calls_that_take_the_same_limits_in_any_order_never_block_each_other()
    {
        LimitCost[] one = [Asked.Cost(20, counter: "a"), Asked.Cost(20, counter: "b")];
        LimitCost[] other = [Asked.Cost(20, counter: "b"), Asked.Cost(20, counter: "a")];
        var admitted = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
            (await AcquireAsync(i % 2 == 0 ? one : other)).Permit is { } permit && Spend(permit))));
        Assert.Equal(20, admitted.Count(static was => was));
    }

    [Fact]
    public async Task Counts_decimals_without_rounding()
    {
        await AdmitsAsync(3, Asked.Cost(100, "33.33"));
        Assert.Equal("0.01", (await AcquireAsync(Asked.Cost(100, "33.33"))).Refusal!.Remaining.ToString());
        await AdmitsAsync(1, Asked.Cost(100, "0.01"));
        Assert.False((await AcquireAsync(Asked.Cost(100, "0.000000001"))).IsAdmitted);
    }

    [Fact]
    public async Task Refuses_a_cost_above_the_maximum_without_a_retry_time()
    {
        var refused = await AcquireAsync(Asked.Cost(5), Asked.Cost(5, "5.5", counter: "other"));
        Assert.Equal(RefusalKind.CostOverMax, refused.Refusal!.Kind);
        Assert.Equal(1, refused.Refusal.CostIndex);
        Assert.Null(refused.RetryAfterMs);
        await AdmitsAsync(5, Asked.Cost(5));
    }

    [Fact]
    public async Task Admits_a_call_without_limits_and_one_that_costs_nothing()
    {
        Assert.True((await AcquireAsync()).IsAdmitted);
        await AdmitsAsync(1, Asked.Cost(1));
        Assert.True((await AcquireAsync(Asked.Cost(1, "0"))).IsAdmitted);
    }

    [Fact]
    public async Task A_released_permit_makes_room_once_and_is_never_spent()
    {
        var permit = (await AcquireAsync(Asked.Cost(1))).Permit!;
        await Limiter.ReleaseAsync(permit, default);
        await Limiter.ReleaseAsync(permit, default);
        Assert.Equal(SpendOutcome.AlreadySpent, permit.TrySpend(Time.NowMs, out _));
        await AdmitsAsync(1, Asked.Cost(1));
        Assert.False((await AcquireAsync(Asked.Cost(1))).IsAdmitted);
    }

    [Fact]
    public async Task A_refund_gives_back_what_is_refundable_once_and_in_its_window_only()
    {
        LimitCost[] costs = [Asked.Cost(1, counter: "kept"), Asked.Cost(1, counter: "money", refundOnError: true)];
        var permit = (await AcquireAsync(costs)).Permit!;
        Assert.True(Spend(permit));
        await Limiter.RefundAsync(permit, default);
        await Limiter.RefundAsync(permit, default);
        Assert.False((await AcquireAsync(Asked.Cost(1, counter: "kept"))).IsAdmitted);
        var late = (await AcquireAsync(Asked.Cost(1, counter: "money", refundOnError: true))).Permit!;
        Assert.True(Spend(late));
        Time.Advance(50_000);
        await AdmitsAsync(1, Asked.Cost(1, counter: "money"));
        await Limiter.RefundAsync(late, default);
        Assert.False((await AcquireAsync(Asked.Cost(1, counter: "money"))).IsAdmitted);
    }

    [Fact]
    public async Task A_look_takes_nothing()
    {
        for (var i = 0; i < 3; i++)
        {
            var look = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Cost(1)), default);
            Assert.True(look.IsAdmitted);
            Assert.NotEqual(SpendOutcome.Spent, look.Permit.TrySpend(Time.NowMs, out _));
        }

        await AdmitsAsync(1, Asked.Cost(1));
        var full = await Limiter.PeekAsync(Asked.Call(Time.NowMs, Asked.Cost(1)), default);
        Assert.Equal(RefusalKind.NoRoom, full.Refusal!.Kind);
    }

    [Fact]
    public async Task A_lower_maximum_holds_at_once_and_a_higher_one_makes_room()
    {
        await AdmitsAsync(3, Asked.Cost(5));
        Assert.False((await AcquireAsync(Asked.Cost(3))).IsAdmitted);
        await AdmitsAsync(2, Asked.Cost(5));
        await AdmitsAsync(5, Asked.Cost(10));
        Assert.False((await AcquireAsync(Asked.Cost(10))).IsAdmitted);
    }

    [Fact]
    public async Task Keeps_what_was_counted_over_an_orderly_end()
    {
        await AdmitsAsync(7, Asked.Cost(10));
        await ReopenAsync();
        await AdmitsAsync(3, Asked.Cost(10));
        Assert.False((await AcquireAsync(Asked.Cost(10))).IsAdmitted);
    }

    [Fact]
    public async Task A_permit_whose_window_ended_is_replaced_and_its_valid_parts_are_kept()
    {
        LimitCost[] costs = [Asked.Cost(1, counter: "day", window: "day"), Asked.Cost(1, counter: "minute")];
        var early = (await AcquireAsync(costs)).Permit!;
        Time.Advance(50_000);
        Assert.Equal(SpendOutcome.Expired, early.TrySpend(Time.NowMs, out _));
        var again = await Limiter.AcquireAsync(Asked.Call(Time.NowMs, [.. costs]) with { PreviousPermit = early },
            default);
        Assert.True(again.IsAdmitted);
        Assert.True(Spend(again.Permit));
        Assert.NotEqual(SpendOutcome.Spent, early.TrySpend(Time.NowMs, out _));
        Assert.False((await AcquireAsync(Asked.Cost(1, counter: "day", window: "day"))).IsAdmitted);
    }

    [Fact]
    public async Task A_spent_permit_is_never_held_for_a_second_call()
    {
        var spent = (await AcquireAsync(Asked.Cost(1))).Permit!;
        Assert.True(Spend(spent));
        var again = await Limiter.AcquireAsync(Asked.Call(Time.NowMs, Asked.Cost(1)) with { PreviousPermit = spent },
            default);
        Assert.False(again.IsAdmitted);
    }

    [Fact]
    public async Task Denies_when_the_counter_is_in_a_window_that_this_clock_has_not_reached()
    {
        await AdmitsAsync(1, Asked.Cost(5));
        var behind = await Limiter.AcquireAsync(Asked.Call(Time.NowMs - 60_000, Asked.Cost(5)), default);
        Assert.Equal(RefusalKind.ClockBehind, behind.Refusal!.Kind);
        await AdmitsAsync(4, Asked.Cost(5));
    }

    [Fact]
    public async Task Strict_windows_keep_clear_of_the_edges()
    {
        await ReopenAsync(strictWindows: true);
        Time.Advance(49_900);
        var atTheEnd = (await AcquireAsync(Asked.Cost(5))).Permit!;
        Assert.Equal(SpendOutcome.Wait, atTheEnd.TrySpend(Time.NowMs, out var waitMs));
        Assert.Equal(350, waitMs);
        Time.Advance(waitMs);
        Assert.Equal(SpendOutcome.Spent, atTheEnd.TrySpend(Time.NowMs, out _));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_holds_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        for (var i = 0; i < 5; i++)
        {
            try
            {
                var decision = await Limiter.AcquireAsync(Asked.Call(Time.NowMs, Asked.Cost(1)), cancelled.Token);
                if (decision.Permit is { } permit) await Limiter.ReleaseAsync(permit, default);
            }
            catch (OperationCanceledException)
            {
            }
        }

        await AdmitsAsync(1, Asked.Cost(1));
    }
}
