namespace Gateway.Limits.Tests.Counting;

public sealed class IssuedCallLogTests
{
    private static readonly CounterKey Key = new(LimitScope.Grant, "agent@afip", "calls", WindowKind.Fixed,
        Window.Week);

    [Fact]
    public void Numbers_of_one_call_come_back_once()
    {
        var (ledger, id) = (new IssuedCallLog(8), CallId.New());
        ledger.Open(id, Part(), 0);

        Assert.True(ledger.TryClose(id, out var call));
        Assert.Equal(CallState.Out, call.State);
        Assert.False(ledger.TryClose(id, out _));
        Assert.True(ledger.TryFind(id, out var closed));
        Assert.Equal(CallState.Closed, closed.State);
    }

    [Fact]
    public void A_call_is_committed_once_and_may_still_be_released()
    {
        var (ledger, id) = (new IssuedCallLog(8), CallId.New());
        ledger.Open(id, Part(), 0);

        Assert.True(ledger.TryCommit(id));
        Assert.False(ledger.TryCommit(id));
        Assert.True(ledger.TryClose(id, out var call));
        Assert.Equal(CallState.Committed, call.State);
    }

    [Fact]
    public void A_repeated_request_gets_exactly_the_same_numbers()
    {
        var ledger = new IssuedCallLog(8);
        var (cost, max) = (Amount.FromNano(2_500_000_001), Amount.FromUnits(999_999_999_999_999_999));
        var only = new NumberRange(max.Nano - cost.Nano, max.Nano);
        var (one, many) = (CallId.New(), CallId.New());
        NumberRange[] two = [new(1, 3), new(7, 8)];
        ledger.Open(one, new CounterPermit(Key, max, cost, 60_000, only, default, max), 0);
        ledger.Open(many, new CounterPermit(Key, max, Amount.FromNano(3), 120_000, [.. two], cost), 0);

        Assert.True(ledger.TryFind(one, out var first));
        Assert.Equal((one, only, cost), (first.Id, first.Only, first.Cost));
        Assert.Equal((max, 60_000), (first.UsedAfter, first.WindowStartMs));
        Assert.True(ledger.IntervalsOf(first).IsDefault);
        Assert.True(ledger.TryFind(many, out var second));
        Assert.Equal((Amount.FromNano(3), cost, 120_000), (second.Cost, second.UsedAfter, second.WindowStartMs));
        Assert.Equal(two, ledger.IntervalsOf(second));
    }

    [Fact]
    public void The_oldest_call_is_forgotten_and_said_so_if_its_numbers_were_out()
    {
        var ledger = new IssuedCallLog(2);
        var (first, second) = (CallId.New(), CallId.New());
        ledger.Open(first, Part(), 0);
        ledger.Open(second, Part(), 0);
        ledger.TryCommit(second);

        Assert.True(ledger.Open(CallId.New(), Part(), 0));
        Assert.False(ledger.Open(CallId.New(), Part(), 0));
        Assert.False(ledger.TryClose(first, out _));
    }

    [Fact]
    public void A_call_that_has_ended_is_forgotten_after_ten_seconds_and_one_that_is_out_is_not()
    {
        var ledger = new IssuedCallLog(100);
        var (committed, closed, isOut) = (CallId.New(), CallId.New(), CallId.New());
        foreach (var id in new[] { isOut, committed, closed }) ledger.Open(id, Part(), nowMs: 1000);
        ledger.TryCommit(committed);
        ledger.TryClose(closed, out _);

        ledger.Open(CallId.New(), Part(), nowMs: 10_999);
        Assert.True(ledger.TryFind(committed, out _));
        ledger.Open(CallId.New(), Part(), nowMs: 11_000);

        Assert.False(ledger.TryFind(committed, out _));
        Assert.False(ledger.TryFind(closed, out _));
        Assert.True(ledger.TryClose(isOut, out var call));
        Assert.Equal(CallState.Out, call.State);
    }

    [Fact]
    public void A_busy_counter_remembers_no_more_than_its_last_seconds()
    {
        var ledger = new IssuedCallLog(100_000);
        for (var call = 0; call < 50_000; call++)
        {
            var id = CallId.New();
            ledger.Open(id, Part(), nowMs: call * 10);
            ledger.TryCommit(id);
        }

        Assert.InRange(ledger.Count, 1000, 1001);
    }

    /// <summary>
    /// Opens, ends, repeats and pauses at random, against dictionaries that do the same in the plain way; ids whose low
    /// bits are alike, so that many share a place of the index.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Remembers_what_a_plain_ledger_remembers(int seed)
    {
        const int callsMax = 50;
        var random = new Random(seed);
        var ledger = new IssuedCallLog(callsMax);
        var plain = new PlainLedger(callsMax, IssuedCallLog.KeptMs);
        var (nowMs, ids) = (0L, new List<CallId>());
        for (var step = 0; step < 20_000; step++)
        {
            nowMs += random.Next(100) == 0 ? random.Next(15_000) : random.Next(400);
            var known = ids.Count == 0 ? CallId.New() : ids[random.Next(Math.Max(0, ids.Count - 80), ids.Count)];
            switch (random.Next(5))
            {
                case 0 or 1:
                    ids.Add(new CallId(((UInt128)(uint)step << 64) | (uint)random.Next(8)));
                    Assert.Equal(plain.Open(ids[^1], nowMs), ledger.Open(ids[^1], Part(step), nowMs));
                    break;
                case 2:
                    Assert.Equal(plain.TryMove(known, CallState.Committed), ledger.TryCommit(known));
                    break;
                case 3:
                    Assert.Equal(plain.TryMove(known, CallState.Closed), ledger.TryClose(known, out _));
                    break;
                default:
                    if (random.Next(50) == 0) ledger = ledger.Copy();
                    break;
            }

            ledger.Prefetch(known);
            Assert.Equal(plain.Find(known), ledger.TryFind(known, out var call) ? call.State : null);
            Assert.Equal(plain.Count, ledger.Count);
            if (plain.Find(known) is not null) Assert.Equal(known.Bits >> 64, (UInt128)(ulong)call.WindowStartMs);
        }
    }

    private static CounterPermit Part(long windowStartMs = 0) =>
        new(Key, Amount.One, Amount.One, windowStartMs, [], Amount.One);
}
