namespace Gateway.Limits.Tests.Counting;

/// <summary>A counter that nothing waits at keeps only what it needs, and forgets nothing that protects it.</summary>
public sealed class RestingCounterTests
{
    private const long NowMs = 90_000;

    private readonly FixedWindowCounter _counter = new(Asked.Key(), new CounterRules { HasSoleOwner = true });
    private readonly CounterEffects _effects = new();

    [Fact]
    public void Has_no_pending_work_after_its_call_is_answered()
    {
        Assert.Null(_counter.ActiveState);
        Assert.Equal(CounterReplyKind.Granted, Serve(5, ReservationRead.Absent).Kind);
        Assert.Null(_counter.ActiveState);
        Assert.Equal(Amount.One, _counter.Used);
    }

    [Fact]
    public void Counters_share_the_terms_of_their_engine_and_of_no_other()
    {
        var rules = new CounterRules { HasSoleOwner = true };
        var other = rules with { WaitersMax = 1 };
        var terms = rules.TermsOf(Amount.FromUnits(5));
        Assert.Same(terms, rules.TermsOf(Amount.FromUnits(5)));
        Assert.Equal((rules, Amount.FromUnits(6)), (rules.TermsOf(Amount.FromUnits(6)).Rules, Amount.FromUnits(6)));
        Assert.Same(other, other.TermsOf(Amount.FromUnits(5)).Rules);
    }

    [Fact]
    public void Returned_state_is_reset()
    {
        var pool = new CounterRules { HasSoleOwner = true }.ActiveStates;
        var activeState = pool.Rent();
        (activeState.Arrivals, activeState.ReadArrivals, activeState.SeenArrivals) = (1, 2, 3);
        pool.Return(activeState);
        Assert.Same(activeState, pool.Rent());
        Assert.Equal((0u, 0u, 0u), (activeState.Arrivals, activeState.ReadArrivals, activeState.SeenArrivals));
        Assert.NotSame(activeState, pool.Rent());
    }

    [Fact]
    public void Takes_no_late_answer_for_that_of_a_later_question()
    {
        Serve(5, ReservationRead.Absent);
        _counter.Acquire(Ask(5), NowMs, _effects);
        var asked = Assert.NotNull(_effects.Request);
        for (var token = 0u; token < asked.Token; token++)
        {
            _counter.OnWritten(token, ReservationWrite.Ok, NowMs, _effects);
            _counter.OnRead(token, ReservationRead.Absent, NowMs, _effects);
        }

        Assert.Empty(_effects.Answers);
        _counter.OnWritten(asked.Token, ReservationWrite.Ok, NowMs, _effects);
        Assert.Equal(CounterReplyKind.Granted, Assert.Single(_effects.Answers).Reply.Kind);
    }

    [Theory]
    [InlineData("79228162514264337593543950336")]
    [InlineData("-1")]
    public void Denies_when_the_record_is_of_no_amount_that_an_owner_writes(string reserved)
    {
        var record = new Reservation(60_000, Int128.Parse(reserved, null), 7);
        var reply = Serve(5, ReservationRead.Found(record));
        Assert.Equal(RefusalKind.NoRoom, reply.Refusal.Kind);
    }

    private static CounterRequest Ask(long max) => new(CallId.New(), Amount.FromUnits(max), Amount.One);

    /// <summary>
    /// One call, from its question to its answer, with a store that says this and then takes every write.
    /// </summary>
    private CounterReply Serve(long max, ReservationRead read)
    {
        Assert.Equal(CounterReplyKind.Waiting, _counter.Acquire(Ask(max), NowMs, _effects).Kind);
        while (_effects.Request is { } request)
        {
            _effects.Request = null;
            if (request.Write is null) _counter.OnRead(request.Token, read, NowMs, _effects);
            else _counter.OnWritten(request.Token, ReservationWrite.Ok, NowMs, _effects);
        }

        var reply = Assert.Single(_effects.Answers).Reply;
        _effects.Clear();
        return reply;
    }
}
