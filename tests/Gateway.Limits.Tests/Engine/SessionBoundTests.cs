namespace Gateway.Limits.Tests.Engine;

/// <summary>An agent makes as many sessions as it likes, each with counters of its own: they have bounds too.</summary>
public sealed class SessionBoundTests
{
    private static readonly CounterBounds Bounds = new() { CountersMax = 16 };

    [Fact]
    public async Task A_grant_has_its_share_of_session_counters_and_takes_no_place_of_another_grant()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { Bounds = Bounds });
        for (var session = 0; session < 4; session++) Assert.Null(await RefusalAsync(engine, "loud", session));

        var refusal = await RefusalAsync(engine, "loud", 4);
        Assert.Equal(RefusalKind.AtBound, refusal?.Kind);
        Assert.Contains("sessions", refusal!.Reason, StringComparison.Ordinal);
        for (var session = 0; session < 4; session++) Assert.Null(await RefusalAsync(engine, "quiet", session));
    }

    [Fact]
    public async Task A_session_with_live_counts_is_not_given_up_for_a_new_one()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { Bounds = Bounds });
        for (var session = 0; session < 100; session++) await RefusalAsync(engine, "loud", session);

        // Each of the four first sessions had one of its two calls; it has one more, and no third.
        for (var session = 0; session < 4; session++)
        {
            Assert.Null(await RefusalAsync(engine, "loud", session));
            Assert.Equal(RefusalKind.NoRoom, (await RefusalAsync(engine, "loud", session))?.Kind);
        }
    }

    [Fact]
    public async Task Sessions_of_all_grants_leave_room_for_the_counters_of_grants()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { Bounds = Bounds });
        for (var grant = 0; grant < 10; grant++)
            for (var session = 0; session < 4; session++)
                await RefusalAsync(engine, $"grant-{grant}", session);

        Assert.Equal(14, engine.Limiter.CountersInMemory);
        Assert.Equal(14, engine.Journal.Count);
        Assert.Equal((16, 26L), (engine.Limiter.Statistics.CountersMax, engine.Limiter.Statistics.CountersRefused));
        Assert.True((await engine.AcquireAsync(Asked.Cost(3))).IsAdmitted);
    }

    [Fact]
    public async Task Idle_sessions_leave_memory_and_their_records_count_until_their_window_ends()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { Bounds = Bounds });
        Assert.Null(await RefusalAsync(engine, "bot", 0));
        Assert.Null(await RefusalAsync(engine, "bot", 0));
        engine.Time.Advance(15_000);
        await engine.LetGoAsync(left: 0);

        Assert.Equal(RefusalKind.NoRoom, (await RefusalAsync(engine, "bot", 0))?.Kind);
    }

    [Fact]
    public async Task A_journal_that_is_read_again_knows_each_grants_share()
    {
        var disk = new MemoryDisk();
        var time = new ManualTime("2026-03-01T12:00:10Z");
        var options = new JournalOptions { Bounds = Bounds };
        await using (var first = new JournalStore(disk, options, time, time.NowMs))
            for (var session = 0; session < 4; session++)
                Assert.Equal(WriteOutcome.Ok, await WriteAsync(first, time, "loud", session));

        await using var second = new JournalStore(disk, options, time, time.NowMs);
        Assert.Equal(WriteOutcome.Full, await WriteAsync(second, time, "loud", 4));
        Assert.Equal(WriteOutcome.Ok, await WriteAsync(second, time, "quiet", 0));

        // A minute later the windows are over, and the share is free again.
        await second.RaiseFloorAsync(time.NowMs + 60_000);
        time.Advance(120_000);
        Assert.Equal(WriteOutcome.Ok, await WriteAsync(second, time, "loud", 5));
    }

    [Theory]
    [InlineData(512L * 1024 * 1024, 600, 0.25, 223_696)]
    [InlineData(64L * 1024 * 1024 * 1024, 600, 0.25, 4_000_000)]
    [InlineData(1024, 600, 0.25, 1000)]
    public void Bounds_come_of_the_memory_that_there_is(long bytes, int counterBytes, double share, int expected) =>
        Assert.Equal(expected, CounterBounds.OfMemory(bytes, counterBytes, share).CountersMax);

    [Theory]
    [InlineData("abc@bot@crm", "bot")]
    [InlineData("a@b@bot@crm", "bot")]
    [InlineData("bot@crm", "bot")]
    public void The_grant_of_a_session_is_known_from_its_key(string scopeId, string grant) =>
        Assert.Equal(grant, Key(scopeId).SessionGrant.ToString());

    private static CounterKey Key(string scopeId) =>
        new(LimitScope.Session, scopeId, "calls", WindowKind.Fixed, Asked.Period("minute"));

    private static ValueTask<ReservationWrite> WriteAsync(
        JournalStore store, ManualTime time, string grant, int session)
    {
        var startMs = time.NowMs - (time.NowMs % 60_000);
        return store.WriteAsync(Key($"s{session}@{grant}@crm"), 0, new(startMs, 1, 7), default);
    }

    /// <summary>One call in a session that may make two a minute; null if it was let through.</summary>
    private static async Task<LimitRefusal?> RefusalAsync(EngineFixture engine, string grant, int session)
    {
        var cost = new LimitCost(Key($"s{session}@{grant}@crm"), Amount.FromUnits(2), Amount.One, false);
        var decision = await engine.AcquireAsync(cost);
        if (!decision.IsAdmitted) return decision.Refusal;
        Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(engine.Time.NowMs, out _));
        return null;
    }
}
