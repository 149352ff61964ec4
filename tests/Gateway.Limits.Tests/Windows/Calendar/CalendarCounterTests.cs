using Gateway.Limits.Tests.Conformance;

namespace Gateway.Limits.Tests.Windows.Calendar;

/// <summary>Owners of one counter whose time zone data say different things, and records that say less.</summary>
public sealed class CalendarCounterTests : IAsyncLifetime
{
    private const int HourMs = 3_600_000;

    /// <summary>Of one name: dates begin at 23:00 UTC for the one, at 21:00 UTC for the other.</summary>
    private static readonly CalendarZone Plain = ZoneOf(1);
    private static readonly CalendarZone Ahead = ZoneOf(3);

    private readonly ManualTime _time = new("2018-05-05T12:00:00Z");
    private readonly SharedStore _store = new();
    private readonly List<LocalEngine> _engines = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var engine in _engines) await engine.DisposeAsync();
    }

    [Fact]
    public async Task No_window_begins_before_the_recorded_end()
    {
        var (one, two) = (Open(), Open());
        await AdmitsAsync(one, Plain, 3);
        PassTo("2018-05-05T21:30Z");
        var refusal = (await AcquireAsync(two, Ahead)).Refusal!;
        Assert.Equal(RefusalKind.NoRoom, refusal.Kind);
        Assert.Equal(Ms("2018-05-06T21:00Z"), refusal.ResetAtMs);
        PassTo("2018-05-05T23:00Z");
        Assert.False((await AcquireAsync(two, Ahead)).IsAdmitted);
        await AdmitsAsync(one, Plain, 3);
        Assert.False((await AcquireAsync(two, Ahead)).IsAdmitted);
        Assert.False((await AcquireAsync(one, Plain)).IsAdmitted);
    }

    [Fact]
    public async Task What_is_let_through_in_another_date_makes_the_window_end_later()
    {
        var (one, two) = (Open(), Open());
        await AdmitsAsync(one, Plain, 2);
        PassTo("2018-05-05T21:30Z");
        var part = (await AcquireAsync(two, Ahead)).Permit.Parts[0];
        Assert.Equal(Ms("2018-05-04T23:00Z"), part.WindowStartMs);
        Assert.Equal(Ms("2018-05-06T21:00Z"), part.WindowEndMs);
        PassTo("2018-05-06T20:59Z");
        var refusal = (await AcquireAsync(one, Plain)).Refusal!;
        Assert.Equal(Ms("2018-05-06T23:00Z"), refusal.ResetAtMs);
        PassTo("2018-05-06T21:00Z");
        await AdmitsAsync(two, Ahead, 3);
    }

    [Fact]
    public async Task Never_counts_a_date_twice_whatever_the_data_say()
    {
        var random = new Random(3);
        var admitted = new List<(CalendarZone Zone, long AtMs, CounterPermit Part)>();
        var sides = new[] { (Open(), Plain), (Open(), Ahead), (Open(), ZoneOf(-7)) };
        for (var i = 0; i < 600; i++)
        {
            _time.Advance(random.Next(4) * random.Next(2 * HourMs));
            var (engine, zone) = sides[random.Next(sides.Length)];
            if (await AcquireAsync(engine, zone) is not { IsAdmitted: true, Permit: var permit }) continue;
            admitted.Add((zone, _time.NowMs, permit.Parts[0]));
            Assert.InRange(_time.NowMs, permit.Parts[0].WindowStartMs, permit.Parts[0].WindowEndMs - 1);
        }

        Assert.True(admitted.Count > 30, $"only {admitted.Count}");
        var windows = admitted.GroupBy(static one => one.Part.WindowStartMs).OrderBy(static one => one.Key).ToList();
        Assert.True(windows.Count > 5, $"only {windows.Count}");
        Assert.All(windows, static window => Assert.InRange(window.Count(), 1, 3));
        foreach (var (before, after) in windows.Zip(windows.Skip(1)))
            Assert.True(after.Key >= before.Max(static one => one.Part.WindowEndMs));
        foreach (var zone in sides.Select(static side => side.Item2))
        {
            var dates = admitted.Where(one => one.Zone == zone)
                .GroupBy(one => Window.Of(CalendarUnit.Day, zone).StartMs(one.AtMs));
            Assert.All(dates, static date =>
            {
                Assert.InRange(date.Count(), 1, 3);
                Assert.Single(date.Select(static one => one.Part.WindowStartMs).Distinct());
            });
        }
    }

    [Fact]
    public async Task Numbers_in_hand_are_given_up_where_another_date_ends_later()
    {
        using var folder = new TestFolder();
        var options = new JournalEngineOptions { DataDirectory = folder.Path };
        await using (var before = await JournalEngine.OpenAsync(options, _time))
            await AdmitsAsync(before, Plain, 1, max: 1000);
        await using var engine = await JournalEngine.OpenAsync(options, _time);
        PassTo("2018-05-05T20:59Z");
        await AdmitsAsync(engine, Ahead, 400, max: 1000);
        PassTo("2018-05-05T21:00Z");
        var permit = (await engine.AcquireAsync(Call(Ahead, 1000), default)).Permit;
        Assert.Equal(Ms("2018-05-06T21:00Z"), permit.Parts[0].WindowEndMs);
        Assert.Equal(Ms("2018-05-04T23:00Z"), permit.Parts[0].WindowStartMs);
    }

    [Fact]
    public async Task A_record_is_kept_as_long_as_somebody_may_be_in_its_last_date()
    {
        var (one, two) = (Open(), Open());
        PassTo("2018-05-05T22:59Z");
        await AdmitsAsync(one, Plain, 3);
        PassTo("2018-05-06T20:59Z");
        _store.Expire(_time.NowMs);
        Assert.False((await AcquireAsync(two, Ahead)).IsAdmitted);
        PassTo("2018-05-08T20:59Z");
        _store.Expire(_time.NowMs);
        Assert.Equal(ReadOutcome.Absent, (await _store.ReadAsync(Asked.CalendarKey(Plain), default)).Outcome);
        await AdmitsAsync(two, Ahead, 3);
    }

    [Fact]
    public async Task A_record_without_an_end_is_of_the_date_in_which_it_began()
    {
        var key = Asked.CalendarKey(Plain);
        var record = new Reservation(Ms("2018-05-04T23:00Z"), Amount.FromUnits(2).Nano, 7);
        Assert.Equal(WriteOutcome.Ok, (await _store.WriteAsync(key, 0, record, default)).Outcome);
        var engine = Open();
        await AdmitsAsync(engine, Plain, 1);
        Assert.Equal(Ms("2018-05-05T23:00Z"), (await AcquireAsync(engine, Plain)).Refusal!.ResetAtMs);
        PassTo("2018-05-05T23:00Z");
        await AdmitsAsync(engine, Plain, 3);
    }

    [Fact]
    public async Task A_journal_with_a_zone_that_is_gone_opens_and_counts_nothing_in_it()
    {
        using var folder = new TestFolder();
        var options = new JournalEngineOptions { DataDirectory = folder.Path };
        var known = new CalendarZone("Nowhere/Gone", TimeZoneInfo.Utc);
        await using (var before = await JournalEngine.OpenAsync(options, _time))
        {
            await AdmitsAsync(before, known, 2);
            Assert.True((await before.AcquireAsync(Asked.Call(_time.NowMs, Asked.Cost(2)), default)).IsAdmitted);
        }

        await using (var without = await JournalEngine.OpenAsync(options, _time))
        {
            var gone = CalendarZone.Of("Nowhere/Gone")!;
            Assert.Equal(RefusalKind.EngineUnavailable, (await AcquireAsync(without, gone)).Refusal!.Kind);
            await AdmitsAsync(without, null, 1, max: 2);
            Assert.False((await without.AcquireAsync(Asked.Call(_time.NowMs, Asked.Cost(2)), default)).IsAdmitted);
        }

        await using var again = await JournalEngine.OpenAsync(options, _time);
        await AdmitsAsync(again, known, 1);
        Assert.Equal(RefusalKind.NoRoom, (await AcquireAsync(again, known)).Refusal!.Kind);
    }

    [Fact]
    public async Task Counts_values_apart_and_their_number_by_date()
    {
        var window = Window.Of(CalendarUnit.Day, CalendarZone.Of("Europe/Berlin")!);
        var limiter = new ValueLimiter(Open(), new FixedKey());
        PassTo("2018-10-28T21:30Z");
        foreach (var to in (string[])["a", "a", "b"])
            Assert.True((await AskAsync(to)).IsAdmitted);
        Assert.Equal(RefusalKind.NoRoom, (await AskAsync("a")).Refusal!.Kind);
        var third = (await AskAsync("c")).Refusal!;
        Assert.Equal(RefusalKind.TooManyValues, third.Kind);
        Assert.Equal(Ms("2018-10-28T23:00Z"), third.ResetAtMs);
        PassTo("2018-10-28T23:00Z");
        Assert.True((await AskAsync("c")).IsAdmitted);

        async Task<LimitDecision> AskAsync(string to) => await limiter.AcquireAsync(
            Asked.Call(_time.NowMs, Asked.By(to, 2, window, valuesMax: 2)), default);
    }

    private static CalendarZone ZoneOf(int hours) => new("Europe/Berlin", TimeZoneInfo.CreateCustomTimeZone(
        $"{hours}", TimeSpan.FromHours(hours), null, null));

    private static long Ms(string utc) => DateTimeOffset.Parse(utc).ToUnixTimeMilliseconds();

    private LocalEngine Open()
    {
        var options = new LocalEngineOptions { StoreTimeoutMs = 0 };
        _engines.Add(new LocalEngine(_store, options, _time, new ProcessClock(_time)));
        return _engines[^1];
    }

    private LimitRequest Call(CalendarZone? zone, long max) =>
        Asked.Call(_time.NowMs, zone is null ? Asked.Cost(max) : Asked.Calendar(max, zone));

    private async Task AdmitsAsync(ILimiter engine, CalendarZone? zone, int calls, long max = 3)
    {
        for (var i = 0; i < calls; i++)
        {
            var decision = await engine.AcquireAsync(Call(zone, max), default);
            Assert.True(decision.IsAdmitted, $"call {i + 1} of {calls}: {decision.Refusal?.Reason}");
            Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(_time.NowMs, out _));
        }
    }

    private ValueTask<LimitDecision> AcquireAsync(ILimiter engine, CalendarZone zone) =>
        engine.AcquireAsync(Call(zone, 3), default);

    private void PassTo(string utc) => _time.Advance(Ms(utc) - _time.NowMs);
}
