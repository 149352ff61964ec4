namespace Gateway.Limits.Conformance;

/// <summary>
/// What every limiter must do with the dates of a time zone. In 2018 clocks in São Paulo were set back at midnight of
/// 18 February, and set ahead at midnight of 4 November; in Berlin they were at 2 o'clock of 25 March.
/// </summary>
public abstract class CalendarLimiterConformance(ILimiterSubject subject) : LimiterTest(subject, "2018-01-01T12:00:10Z")
{
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;

    private static readonly CalendarZone Paulo = CalendarZone.Of("America/Sao_Paulo")!;
    private static readonly CalendarZone Berlin = CalendarZone.Of("Europe/Berlin")!;

    private static readonly CalendarZone Kiritimati = CalendarZone.Of("Pacific/Kiritimati")!;

    [Theory]
    [InlineData("Europe/Berlin", CalendarUnit.Day, "2018-03-23T23:00Z", "2018-03-24T23:00Z")]
    [InlineData("Europe/Berlin", CalendarUnit.Day, "2018-03-24T23:00Z", "2018-03-25T22:00Z")]
    [InlineData("Europe/Berlin", CalendarUnit.Day, "2018-10-27T22:00Z", "2018-10-28T23:00Z")]
    [InlineData("Europe/Berlin", CalendarUnit.Week, "2018-03-18T23:00Z", "2018-03-25T22:00Z")]
    [InlineData("Europe/Berlin", CalendarUnit.Month, "2018-02-28T23:00Z", "2018-03-31T22:00Z")]
    [InlineData("America/Sao_Paulo", CalendarUnit.Day, "2018-02-17T02:00Z", "2018-02-18T03:00Z")]
    [InlineData("America/Sao_Paulo", CalendarUnit.Day, "2018-11-04T03:00Z", "2018-11-05T02:00Z")]
    [InlineData("America/Sao_Paulo", CalendarUnit.Month, "2018-02-01T02:00Z", "2018-03-01T03:00Z")]
    [InlineData("Pacific/Kiritimati", CalendarUnit.Day, "2018-05-05T10:00Z", "2018-05-06T10:00Z")]
    public async Task Admits_the_maximum_in_a_date_of_the_zone_and_again_in_the_next(
        string name, CalendarUnit unit, string start, string end)
    {
        var limit = Asked.Calendar(3, CalendarZone.Of(name)!, unit);
        // Never past it and back: whoever looks at the clock in between stays there.
        PassTo(start, earlierMs: 1);
        await AdmitsAsync(3, limit);
        Assert.Equal(Ms(start), (await AcquireAsync(limit)).Refusal!.ResetAtMs);
        PassTo(start);
        await AdmitsAsync(1, limit);
        Time.Advance((Ms(end) - Ms(start)) / 2);
        await AdmitsAsync(1, limit);
        PassTo(end, earlierMs: 1);
        await AdmitsAsync(1, limit);
        var decision = await AcquireAsync(limit);
        Assert.Equal(RefusalKind.NoRoom, decision.Refusal!.Kind);
        Assert.Equal(Ms(end), decision.Refusal.ResetAtMs);
        Assert.InRange(decision.RetryAfterMs!.Value, 1, 2001);
        Assert.Contains(
            $"0 of 3 left in this {unit.ToString().ToLowerInvariant()} (time zone {name})", decision.Refusal.Reason,
            StringComparison.Ordinal);
        Time.Advance(1);
        await AdmitsAsync(3, limit);
        Assert.False((await AcquireAsync(limit)).IsAdmitted);
    }

    [Fact]
    public async Task An_hour_that_clocks_show_twice_over_midnight_is_of_the_date_that_had_it_first()
    {
        PassTo("2018-02-18T01:30Z");
        await AdmitsAsync(2, Asked.Calendar(3, Paulo));
        Time.Advance(HourMs);
        await AdmitsAsync(1, Asked.Calendar(3, Paulo));
        Assert.Equal(Ms("2018-02-18T03:00Z"), (await AcquireAsync(Asked.Calendar(3, Paulo))).Refusal!.ResetAtMs);
        Time.Advance(30 * MinuteMs);
        await AdmitsAsync(3, Asked.Calendar(3, Paulo));
    }

    [Fact]
    public async Task A_permit_is_good_until_the_date_ends_and_says_when_that_is()
    {
        PassTo("2018-03-24T23:00Z");
        var permit = (await AcquireAsync(Asked.Calendar(3, Berlin))).Permit;
        Assert.Equal(Ms("2018-03-25T22:00Z"), permit.Parts[0].WindowEndMs);
        Assert.Equal(Ms("2018-03-25T22:00Z"), permit.Parts[0].ResetAtMs);
        PassTo("2018-03-25T22:00Z");
        Assert.Equal(SpendOutcome.Expired, permit.TrySpend(Time.NowMs, out _));
    }

    [Fact]
    public async Task A_clock_that_jumps_over_a_change_of_the_hour_finds_the_right_date()
    {
        PassTo("2018-03-25T00:59Z");
        await AdmitsAsync(2, Asked.Calendar(3, Berlin));
        Time.Advance(2 * MinuteMs);
        await AdmitsAsync(1, Asked.Calendar(3, Berlin));
        Assert.False((await AcquireAsync(Asked.Calendar(3, Berlin))).IsAdmitted);
        PassTo("2018-10-28T00:30Z");
        await AdmitsAsync(3, Asked.Calendar(3, Berlin));
        Time.Advance(HourMs);
        Assert.Equal(Ms("2018-10-28T23:00Z"), (await AcquireAsync(Asked.Calendar(3, Berlin))).Refusal!.ResetAtMs);
    }

    [Fact]
    public async Task Keeps_what_was_counted_and_the_end_of_the_date_over_an_end_of_its_own()
    {
        PassTo("2018-03-25T00:59Z");
        await AdmitsAsync(2, Asked.Calendar(3, Berlin));
        await ReopenAsync();
        Time.Advance(2 * MinuteMs);
        await AdmitsAsync(1, Asked.Calendar(3, Berlin));
        Assert.Equal(Ms("2018-03-25T22:00Z"), (await AcquireAsync(Asked.Calendar(3, Berlin))).Refusal!.ResetAtMs);
        await ReopenAsync();
        Assert.False((await AcquireAsync(Asked.Calendar(3, Berlin))).IsAdmitted);
    }

    [Fact]
    public async Task A_zone_is_part_of_what_a_counter_is()
    {
        await AdmitsAsync(1, Asked.Calendar(1, Berlin));
        await AdmitsAsync(1, Asked.Calendar(1, Kiritimati));
        await AdmitsAsync(1, Asked.Cost(1, window: "day"));
        await AdmitsAsync(1, Asked.Calendar(1, Berlin, CalendarUnit.Week));
        Assert.False((await AcquireAsync(Asked.Calendar(1, Berlin))).IsAdmitted);
    }

    [Fact]
    public async Task What_is_given_back_makes_room_in_the_same_date_and_in_no_other()
    {
        PassTo("2018-03-25T21:59Z");
        var kept = (await AcquireAsync(Asked.Calendar(1, Berlin, refundOnError: true))).Permit;
        Assert.True(Spend(kept));
        await Limiter.RefundAsync(kept, default);
        var late = (await AcquireAsync(Asked.Calendar(1, Berlin, refundOnError: true))).Permit;
        Assert.True(Spend(late));
        Time.Advance(MinuteMs);
        await AdmitsAsync(1, Asked.Calendar(1, Berlin));
        await Limiter.RefundAsync(late, default);
        Assert.False((await AcquireAsync(Asked.Calendar(1, Berlin))).IsAdmitted);
    }

    [Fact]
    public async Task Many_callers_at_once_are_admitted_exactly_to_the_maximum()
    {
        var spent = new ConcurrentBag<Permit>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                var permit = (await AcquireAsync(Asked.Calendar(40, Paulo, CalendarUnit.Month))).Permit;
                if (Spend(permit)) spent.Add(permit);
            }
        })));
        Assert.Equal(40, spent.Count);
    }

    [Fact]
    public async Task Denies_in_a_zone_that_this_system_does_not_know()
    {
        var refusal = (await AcquireAsync(Asked.Calendar(3, CalendarZone.Of("Nowhere/At_All")!))).Refusal!;
        Assert.Equal(RefusalKind.EngineUnavailable, refusal.Kind);
    }

    private static long Ms(string utc) => DateTimeOffset.Parse(utc).ToUnixTimeMilliseconds();

    private void PassTo(string utc, int earlierMs = 0) => Time.Advance(Ms(utc) - earlierMs - Time.NowMs);
}
