namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do with limits whose permits are good for a moment: of a length of 10 s for 500 ms.
/// </summary>
public abstract class MomentaryLimiterConformance(ILimiterSubject subject, IWindowKind kind) : LimiterTest(subject)
{
    protected const int LengthMs = 10_000;
    protected const int UseMs = 500;

    [Fact]
    public async Task Many_callers_at_once_are_admitted_exactly_to_the_maximum()
    {
        var spent = new ConcurrentBag<Permit>();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
                if ((await AcquireAsync(Cost(100))).Permit is { } permit && Spend(permit)) spent.Add(permit);
        })));
        Assert.Equal(100, spent.Count);
    }

    [Fact]
    public async Task Counts_decimals_without_rounding()
    {
        await AdmitsAsync(3, Cost(100, "33.33"));
        Assert.Equal("0.01", (await AcquireAsync(Cost(100, "33.33"))).Refusal!.Remaining.ToString());
        await AdmitsAsync(1, Cost(100, "0.01"));
        Assert.False((await AcquireAsync(Cost(100, "0.000000001"))).IsAdmitted);
    }

    [Fact]
    public async Task A_permit_is_good_for_a_moment_and_its_numbers_go_into_the_next()
    {
        LimitCost[] costs = [Asked.Cost(1, counter: "day", window: "day"), Cost(1)];
        var early = (await AcquireAsync(costs)).Permit!;
        Time.Advance(UseMs + 1);
        Assert.Equal(SpendOutcome.Expired, early.TrySpend(Time.NowMs, out _));
        var again = await Limiter.AcquireAsync(Asked.Call(Time.NowMs, [.. costs]) with { PreviousPermit = early },
            default);
        if (!again.IsAdmitted)
        {
            // The numbers of the first may still be on their way back.
            again = await Limiter.AcquireAsync(Asked.Call(Time.NowMs, [.. costs]), default);
        }

        Assert.True(again.IsAdmitted, again.Refusal?.Reason);
        Time.Advance(UseMs);
        Assert.True(Spend(again.Permit));
        Assert.False((await AcquireAsync(Cost(1))).IsAdmitted);
    }

    [Fact]
    public async Task A_released_permit_makes_room_once_and_is_never_spent()
    {
        var permit = (await AcquireAsync(Cost(1))).Permit!;
        Time.Advance(UseMs * 3);
        await Limiter.ReleaseAsync(permit, default);
        await Limiter.ReleaseAsync(permit, default);
        Assert.NotEqual(SpendOutcome.Spent, permit.TrySpend(Time.NowMs - (UseMs * 3), out _));
        await AdmitsAsync(1, Cost(1));
        Assert.False((await AcquireAsync(Cost(1))).IsAdmitted);
    }

    [Fact]
    public async Task A_lower_maximum_holds_at_once_and_a_higher_one_makes_room()
    {
        await AdmitsAsync(3, Cost(5));
        Assert.False((await AcquireAsync(Cost(3))).IsAdmitted);
        await AdmitsAsync(2, Cost(5));
        await AdmitsAsync(5, Cost(10));
        Assert.False((await AcquireAsync(Cost(10))).IsAdmitted);
        Time.Advance(2 * LengthMs);
        await AdmitsAsync(1, Cost(1));
    }

    [Fact]
    public async Task Denies_when_the_counter_is_ahead_of_this_clock()
    {
        await AdmitsAsync(1, Cost(5));
        var behind = await Limiter.AcquireAsync(Asked.Call(Time.NowMs - 2000, Cost(5)), default);
        if (behind is { IsAdmitted: true, Permit: var permit })
        {
            // Where the owner goes by its own clock, the permit is no good to one that is so far behind.
            Assert.Equal(SpendOutcome.Expired, permit.TrySpend(Time.NowMs - 2000, out _));
            return;
        }

        Assert.Equal(RefusalKind.ClockBehind, behind.Refusal!.Kind);
        await AdmitsAsync(4, Cost(5));
    }

    [Fact]
    public async Task Strict_windows_change_nothing()
    {
        await ReopenAsync(strictWindows: true);
        Time.Advance(9900);
        var permit = (await AcquireAsync(Cost(1))).Permit!;
        Time.Advance(UseMs);
        Assert.Equal(SpendOutcome.Spent, permit.TrySpend(Time.NowMs, out _));
    }

    private LimitCost Cost(long max, string cost = "1") => new(
        new CounterKey(LimitScope.Grant, "bot@afip", "calls", kind, Asked.Period("10s")),
        Amount.FromUnits(max), Asked.Units(cost));
}
