namespace Gateway.Limits.Tests.Counting;

/// <summary>
/// What an owner makes of writes whose outcome its store does not tell, as grain storage does not of a lost race.
/// </summary>
public sealed class LostRaceTests
{
    private const long NowMs = 90_000;
    private static readonly CounterRules Rules = new() { HasSoleOwner = false };
    private readonly FixedWindowCounter _counter = new(Asked.Key(), Rules);
    private readonly CounterEffects _effects = new();

    [Fact]
    public void Another_owner_who_is_always_faster_keeps_nobody_from_being_counted()
    {
        Begin();
        for (var race = 1; race <= 10; race++)
        {
            Unknown();
            Read(ReservationRead.Found(new Reservation(NowMs, Amount.FromUnits(race).Nano, (UInt128)(1000 + race))));
            Assert.Empty(_effects.Answers);
        }

        Assert.Equal(Amount.FromUnits(11).Nano, _effects.Request!.Value.Write!.Value.Reserved);
        _counter.OnWritten(_effects.Request!.Value.Token, ReservationWrite.Ok, NowMs, _effects);
        Assert.Equal(CounterReplyKind.Granted, Assert.Single(_effects.Answers).Reply.Kind);
    }

    [Fact]
    public void A_store_that_takes_no_write_denies_at_the_third()
    {
        Begin();
        for (var write = 1; write < 3; write++)
        {
            Unknown();
            Read(ReservationRead.Absent);
            Assert.Empty(_effects.Answers);
        }

        Unknown();
        Read(ReservationRead.Absent);
        var refused = Assert.Single(_effects.Answers).Reply;
        Assert.Equal(RefusalKind.EngineUnavailable, refused.Refusal!.Kind);
    }

    private void Begin()
    {
        var ask = new CounterRequest(CallId.New(), Amount.FromUnits(1000), Amount.One);
        Assert.Equal(CounterReplyKind.Waiting, _counter.Acquire(ask, NowMs, _effects).Kind);
        Read(ReservationRead.Absent);
    }

    private void Read(ReservationRead read)
    {
        var token = _effects.Request!.Value.Token;
        _effects.Clear();
        _counter.OnRead(token, read, NowMs, _effects);
    }

    private void Unknown() =>
        _counter.OnWritten(_effects.Request!.Value.Token, ReservationWrite.Unknown, NowMs, _effects);
}
