namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do with calls in flight: a place for each, until it is released or expires.
/// </summary>
public abstract class InFlightConformance(ILimiterSubject subject) : LimiterTest(subject)
{
    private const int LeaseMs = 30_000;
    private const int ToleranceMs = 2 * ClockBounds.EpsilonMs;

    [Fact]
    public async Task Has_as_many_places_as_may_be_and_one_that_is_released_is_free_at_once()
    {
        var held = await TakeAsync(3);
        var refused = await AcquireAsync(Asked.InFlight(3));
        Assert.Equal(RefusalKind.NoRoom, refused.Refusal!.Kind);
        Assert.Equal(Amount.FromUnits(3), refused.Refusal.Used);
        Assert.Equal(0, refused.Refusal.ResetAtMs);
        Assert.InRange(refused.RetryAfterMs!.Value, 1000, 3000);
        await Limiter.ReleaseAsync(held[1], default);
        await TakeAsync(1);
        Assert.False((await AcquireAsync(Asked.InFlight(3))).IsAdmitted);
    }

    [Fact]
    public async Task A_place_is_released_once()
    {
        var held = await TakeAsync(2);
        for (var i = 0; i < 3; i++) await Limiter.ReleaseAsync(held[0], default);
        await TakeAsync(1, max: 2);
        Assert.False((await AcquireAsync(Asked.InFlight(2))).IsAdmitted);
    }

    [Fact]
    public async Task A_place_that_nobody_renews_is_free_when_it_has_expired_and_not_before()
    {
        await TakeAsync(2);
        Time.Advance(LeaseMs + ToleranceMs);
        Assert.False((await AcquireAsync(Asked.InFlight(2))).IsAdmitted);
        Time.Advance(1);
        await TakeAsync(2);
    }

    [Fact]
    public async Task A_place_that_is_renewed_stays_taken_and_takes_no_other()
    {
        var held = await TakeAsync(3);
        for (var turn = 0; turn < 8; turn++)
        {
            Time.Advance(LeaseMs - 1);
            for (var i = 0; i < held.Length; i++) held[i] = await RenewAsync(held[i]);
            Assert.All(held, static place => Assert.False(place.IsMissing));
            Assert.False((await AcquireAsync(Asked.InFlight(3))).IsAdmitted);
        }

        foreach (var place in held) await Limiter.ReleaseAsync(place, default);
        await TakeAsync(3);
    }

    [Fact]
    public async Task A_place_that_has_expired_or_was_released_cannot_be_renewed()
    {
        var held = await TakeAsync(1, max: 1);
        Time.Advance(LeaseMs + ToleranceMs + 1);
        Assert.True((await RenewAsync(held[0])).IsMissing);
        var next = await TakeAsync(1, max: 1);
        Assert.True((await RenewAsync(held[0])).IsMissing);
        Assert.False((await RenewAsync(next[0])).IsMissing);
        Assert.False((await AcquireAsync(Asked.InFlight(1))).IsAdmitted);
    }

    [Fact]
    public async Task What_a_place_was_before_it_was_renewed_releases_nothing()
    {
        var before = (await TakeAsync(1, max: 1))[0];
        Time.Advance(1000);
        var held = await RenewAsync(before);
        await Limiter.ReleaseAsync(before, default);
        Assert.False((await AcquireAsync(Asked.InFlight(1))).IsAdmitted);
        await Limiter.ReleaseAsync(held, default);
        await TakeAsync(1, max: 1);
    }

    [Fact]
    public async Task A_call_that_finds_no_place_counts_on_no_limit()
    {
        await TakeAsync(1, max: 1);
        for (var i = 0; i < 3; i++)
            Assert.False((await AcquireAsync(Asked.Cost(2), Asked.InFlight(1))).IsAdmitted);
        await AdmitsAsync(2, Asked.Cost(2));
    }

    [Fact]
    public async Task A_call_without_room_in_a_limit_takes_no_place()
    {
        await AdmitsAsync(1, Asked.Cost(1));
        for (var i = 0; i < 3; i++)
            Assert.False((await AcquireAsync(Asked.InFlight(1), Asked.Cost(1))).IsAdmitted);
        await TakeAsync(1, max: 1);
    }

    [Fact]
    public async Task Places_outlive_the_limiter_until_they_expire()
    {
        await TakeAsync(2, max: 2);
        await ReopenAsync();
        Assert.False((await AcquireAsync(Asked.InFlight(2))).IsAdmitted);
        Time.Advance(LeaseMs + ToleranceMs + 1);
        await TakeAsync(2, max: 2);
    }

    [Fact]
    public async Task A_smaller_maximum_ends_no_call_and_admits_none_until_there_is_room()
    {
        var held = await TakeAsync(3);
        Assert.False((await RenewAsync(held[0])).IsMissing);
        await Limiter.ReleaseAsync(held[1], default);
        await Limiter.ReleaseAsync(held[2], default);
        Assert.False((await AcquireAsync(Asked.InFlight(1))).IsAdmitted);
        await TakeAsync(1, max: 2);
    }

    [Fact]
    public async Task Many_callers_never_have_more_places_than_may_be()
    {
        int open = 0, most = 0, served = 0;
        await Task.WhenAll(Enumerable.Range(0, 12).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                if ((await AcquireAsync(Asked.InFlight(3))).Permit is not { IsMissing: false } place) continue;
                var now = Interlocked.Increment(ref open);
                for (var seen = most; now > seen;) seen = Interlocked.CompareExchange(ref most, now, seen);
                if (i % 3 == 0 && await RenewAsync(place) is { IsMissing: false } renewed) place = renewed;
                Interlocked.Increment(ref served);
                Interlocked.Decrement(ref open);
                await Limiter.ReleaseAsync(place, default);
            }
        })));
        Assert.InRange(most, 1, 3);
        Assert.True(served >= 25, $"only {served} calls found a place");
        await TakeAsync(3);
    }

    private async Task<Permit[]> TakeAsync(int places, long max = 3)
    {
        var held = new Permit[places];
        for (var i = 0; i < places; i++)
        {
            var decision = await AcquireAsync(Asked.InFlight(max));
            Assert.True(decision.IsAdmitted, $"place {i + 1} of {places}: {decision.Refusal?.Reason}");
            held[i] = decision.Permit;
        }

        return held;
    }

    private ValueTask<Permit> RenewAsync(Permit place) => Limiter.RenewAsync(place, CallId.New());
}
