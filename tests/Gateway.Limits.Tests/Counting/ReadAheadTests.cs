namespace Gateway.Limits.Tests.Counting;

/// <summary>When a counter asks for more than its calls need now.</summary>
public sealed class ReadAheadTests
{
    private const long NowMs = 90_000;
    private static readonly CounterRules Rules = new() { HasSoleOwner = true, BlockLeastPart = 100 };

    [Fact]
    public void Reads_ahead_at_half_a_block_but_not_while_the_store_has_too_much_to_do()
    {
        var (counter, effects) = (new FixedWindowCounter(Asked.Key(), Rules), new CounterEffects());
        var ask = Ask();
        Assert.Equal(CounterReplyKind.Waiting, counter.Acquire(ask, NowMs, effects).Kind);
        counter.OnRead(effects.Request!.Value.Token, ReservationRead.Absent, NowMs, effects);
        counter.OnWritten(effects.Request!.Value.Token, ReservationWrite.Ok, NowMs, effects);
        effects.Clear();

        effects.IsStoreBusy = true;
        for (var call = 2; call < 10; call++)
            Assert.Equal(CounterReplyKind.Granted, counter.TryAcquire(Ask(), NowMs, effects).Kind);
        Assert.Null(effects.Request);
        effects.IsStoreBusy = false;
        Assert.Equal(CounterReplyKind.Granted, counter.TryAcquire(Ask(), NowMs, effects).Kind);
        Assert.Equal(Amount.FromUnits(20).Nano, effects.Request!.Value.Write!.Value.Reserved);
    }

    [Theory]
    [InlineData("2s", 72)]
    [InlineData("minute", 72)]
    [InlineData("300s", 24)]
    [InlineData("hour", 2)]
    [InlineData("month", 1)]
    public void A_first_block_is_a_hundredth_or_a_second_of_its_window(string length, int units)
    {
        Assert.True(Window.TryParse(length, out var window));
        var key = new CounterKey(LimitScope.Grant, "agent@srv", "calls", WindowKind.Fixed, window);
        var (counter, effects) = (new FixedWindowCounter(key, Rules), new CounterEffects());
        var max = Amount.FromUnits(7200);
        counter.Acquire(new CounterRequest(CallId.New(), max, Amount.One), NowMs, effects);
        counter.OnRead(effects.Request!.Value.Token, ReservationRead.Absent, NowMs, effects);

        Assert.Equal(Amount.FromUnits(units).Nano, effects.Request!.Value.Write!.Value.Reserved);
    }

    private static CounterRequest Ask() => new(CallId.New(), Amount.FromUnits(1000), Amount.One);
}
