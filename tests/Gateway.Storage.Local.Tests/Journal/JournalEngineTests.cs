using Gateway.Control.Storage;

namespace Gateway.Storage.Local.Tests.Journal;

public sealed class JournalEngineTests : IDisposable
{
    private readonly ManualTime _time = new("2026-03-01T12:00:10Z");
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Refuses_the_eleventh_call_in_a_minute_and_admits_in_the_next()
    {
        await using var limiter = await Open();
        for (var i = 1; i <= 10; i++)
        {
            var decision = await Acquire(limiter, Asked.Cost(10));
            Assert.True(decision.IsAdmitted);
            Assert.Equal(Amount.FromUnits(i), decision.Permit.Parts[0].UsedAfter);
            Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(_time.NowMs, out _));
        }

        var refused = await Acquire(limiter, Asked.Cost(10));
        Assert.False(refused.IsAdmitted);
        Assert.Equal(RefusalKind.NoRoom, refused.Refusal.Kind);
        Assert.Equal(Amount.FromUnits(10), refused.Refusal.Used);
        Assert.Equal(Amount.Zero, refused.Refusal.Remaining);
        Assert.InRange(refused.RetryAfterMs!.Value, 50_000, 52_000);
        Assert.Equal(0, refused.Refusal.CostIndex);

        _time.Advance(50_000);
        Assert.True((await Acquire(limiter, Asked.Cost(10))).IsAdmitted);
    }

    [Fact]
    public async Task Sixty_four_callers_against_a_thousand_admit_exactly_a_thousand()
    {
        await using var limiter = await Open();
        var numbers = new ConcurrentBag<NumberRange>();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                var decision = await Acquire(limiter, Asked.Cost(1000));
                if (!decision.IsAdmitted) continue;
                Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(_time.NowMs, out var _));
                numbers.Add(decision.Permit.Parts[0].Intervals.Single());
            }
        })));
        Assert.Equal(1000, numbers.Count);
        Assert.Equal(1000, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number.High, 0, Amount.FromUnits(1000).Nano));
    }

    [Fact]
    public async Task Keeps_the_count_over_an_orderly_end()
    {
        await using (var limiter = await Open()) await Admit(limiter, 7, 10);
        await using var again = await Open();
        Assert.Equal(3, await CountAdmitted(again, 10, 10));
    }

    [Fact]
    public async Task Keeps_the_count_over_kill_9()
    {
        await using var limiter = await Open();
        await Admit(limiter, 7, 10);
        using var left = _folder.Copy();
        await using var again = await Open(left.Path);
        Assert.InRange(await CountAdmitted(again, 10, 10), 0, 3);
    }

    [Fact]
    public async Task Takes_every_limit_or_none()
    {
        await using var limiter = await Open();
        var both = new[] { Asked.Cost(10, counter: "a"), Asked.Cost(2, counter: "b") };
        for (var i = 0; i < 2; i++) Assert.True((await Acquire(limiter, both)).IsAdmitted);
        var refused = await Acquire(limiter, both);
        Assert.Equal(1, refused.Refusal!.CostIndex);
        Assert.Equal(8, await CountAdmitted(limiter, 20, 10, "a"));
    }

    [Fact]
    public async Task Sums_two_costs_on_one_counter()
    {
        await using var limiter = await Open();
        var twice = new[] { Asked.Cost(5), Asked.Cost(5) };
        Assert.True((await Acquire(limiter, twice)).IsAdmitted);
        Assert.True((await Acquire(limiter, twice)).IsAdmitted);
        Assert.False((await Acquire(limiter, twice)).IsAdmitted);
        Assert.True((await Acquire(limiter, Asked.Cost(5))).IsAdmitted);
    }

    [Fact]
    public async Task A_released_permit_makes_room_and_can_no_longer_be_spent()
    {
        await using var limiter = await Open();
        var decision = await Acquire(limiter, Asked.Cost(1));
        await limiter.ReleaseAsync(decision.Permit!, default);
        await limiter.ReleaseAsync(decision.Permit!, default);
        Assert.Equal(SpendOutcome.AlreadySpent, decision.Permit!.TrySpend(_time.NowMs, out _));
        Assert.Equal(1, await CountAdmitted(limiter, 3, 1));
    }

    [Fact]
    public async Task A_refund_gives_back_only_what_is_refundable()
    {
        await using var limiter = await Open();
        var costs = new[] { Asked.Cost(3, counter: "kept"), Asked.Cost(3, counter: "refunded", refundOnError: true) };
        var decision = await Acquire(limiter, costs);
        decision.Permit!.TrySpend(_time.NowMs, out _);
        await limiter.RefundAsync(decision.Permit, default);
        await limiter.RefundAsync(decision.Permit, default);
        Assert.Equal(2, await CountAdmitted(limiter, 5, 3, "kept"));
        Assert.Equal(3, await CountAdmitted(limiter, 5, 3, "refunded"));
    }

    [Fact]
    public async Task Counts_money_without_rounding()
    {
        await using var limiter = await Open();
        for (var i = 0; i < 3; i++) Assert.True((await Acquire(limiter, Asked.Cost(100, "33.33"))).IsAdmitted);
        var refused = await Acquire(limiter, Asked.Cost(100, "33.33"));
        Assert.Equal("0.01", refused.Refusal!.Remaining.ToString());
        Assert.True((await Acquire(limiter, Asked.Cost(100, "0.01"))).IsAdmitted);
        Assert.False((await Acquire(limiter, Asked.Cost(100, "0.000000001"))).IsAdmitted);
    }

    [Fact]
    public async Task A_cost_above_the_maximum_has_no_retry_time()
    {
        await using var limiter = await Open();
        var refused = await Acquire(limiter, Asked.Cost(5, "5.01"));
        Assert.Equal(RefusalKind.CostOverMax, refused.Refusal!.Kind);
        Assert.Null(refused.RetryAfterMs);
    }

    [Fact]
    public async Task A_cost_of_zero_takes_nothing()
    {
        await using var limiter = await Open();
        Assert.True((await Acquire(limiter, Asked.Cost(1))).IsAdmitted);
        Assert.True((await Acquire(limiter, Asked.Cost(1, "0"))).IsAdmitted);
    }

    [Fact]
    public async Task A_look_takes_nothing()
    {
        await using var limiter = await Open();
        for (var i = 0; i < 5; i++)
        {
            var look = await limiter.PeekAsync(Asked.Call(_time.NowMs, Asked.Cost(1)), default);
            Assert.True(look.IsAdmitted);
            Assert.Equal(SpendOutcome.AlreadySpent, look.Permit.TrySpend(_time.NowMs, out _));
        }

        await Admit(limiter, 1, 1);
        Assert.False((await limiter.PeekAsync(Asked.Call(_time.NowMs, Asked.Cost(1)), default)).IsAdmitted);
    }

    public static TheoryData<LimitCost> Kinds => [Asked.Cost(3, window: "hour"), Asked.Sliding(3, window: "hour")];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_window_that_a_restore_closed_is_closed_for_a_look_too_until_its_end(LimitCost cost)
    {
        JournalCounters.Write(_folder.Path, StoredCounters.Lost([], _time.NowMs), _time.NowMs);
        var restoredMs = _time.NowMs;
        await using var limiter = await Open();

        var look = await limiter.PeekAsync(Asked.Call(_time.NowMs, cost), default);
        var refused = await Acquire(limiter, cost);

        foreach (var one in (LimitDecision[])[look, refused])
        {
            Assert.Equal(RefusalKind.EngineUnavailable, one.Refusal?.Kind);
            Assert.Contains("is closed until 2026-03-01T1", one.Refusal!.Reason, StringComparison.Ordinal);
        }

        var endMs = refused.Refusal!.ResetAtMs;
        var closedMs = cost.Key.RecordEndMs(cost.Key.Kind.IsAligned ? cost.Key.Window.StartMs(restoredMs) : restoredMs);
        Assert.InRange(endMs, closedMs, closedMs + (4 * ClockBounds.EpsilonMs));
        Assert.InRange(refused.RetryAfterMs!.Value, endMs - _time.NowMs, endMs - _time.NowMs + 5000);
        _time.Advance((int)(endMs - _time.NowMs - 1000));
        Assert.False((await Acquire(limiter, cost)).IsAdmitted);
        _time.Advance(5000);
        Assert.True((await Acquire(limiter, cost)).IsAdmitted);
    }

    [Fact]
    public async Task A_second_process_is_kept_out()
    {
        await using var limiter = await Open();
        var failure = await Assert.ThrowsAsync<JournalException>(() => Open());
        Assert.Contains("another process holds its", failure.Message, StringComparison.Ordinal);
    }

    private Task<JournalEngine> Open(string? folder = null) =>
        JournalEngine.OpenAsync(new JournalEngineOptions { DataDirectory = folder ?? _folder.Path }, _time);

    private ValueTask<LimitDecision> Acquire(JournalEngine limiter, params LimitCost[] costs) =>
        limiter.AcquireAsync(Asked.Call(_time.NowMs, [.. costs]), default);

    private async Task Admit(JournalEngine limiter, int calls, int max) =>
        Assert.Equal(calls, await CountAdmitted(limiter, calls, max));

    private async Task<int> CountAdmitted(JournalEngine limiter, int calls, int max, string counter = "calls")
    {
        var admitted = 0;
        for (var i = 0; i < calls; i++)
        {
            var decision = await Acquire(limiter, Asked.Cost(max, counter: counter));
            if (decision.IsAdmitted && decision.Permit.TrySpend(_time.NowMs, out _) == SpendOutcome.Spent) admitted++;
        }

        return admitted;
    }
}
