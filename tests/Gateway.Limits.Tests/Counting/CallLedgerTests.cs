using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Counting;

public sealed class CallLedgerTests
{
    private static readonly CounterKey Key = new(LimitScope.Grant, "agent@afip", "calls", LimitKind.Fixed, Window.Week);

    [Fact]
    public void Numbers_of_one_call_come_back_once()
    {
        var (ledger, id, part) = (new CallLedger(8), CallId.New(), Part());
        ledger.Open(id, part, 0);

        Assert.Same(part, ledger.Close(id, out var wasOut));
        Assert.True(wasOut);
        Assert.Null(ledger.Close(id, out _));
        Assert.True(ledger.TryAnswer(id, out var verdict));
        Assert.Equal(VerdictKind.Closed, verdict.Kind);
    }

    [Fact]
    public void A_settled_call_is_settled_once_and_may_still_come_back()
    {
        var (ledger, id, part) = (new CallLedger(8), CallId.New(), Part());
        ledger.Open(id, part, 0);

        Assert.Same(part, ledger.Settle(id));
        Assert.Null(ledger.Settle(id));
        Assert.Same(part, ledger.Close(id, out var wasOut));
        Assert.False(wasOut);
    }

    [Fact]
    public void The_oldest_call_is_forgotten_and_said_so_if_its_numbers_were_out()
    {
        var ledger = new CallLedger(2);
        var (first, second) = (CallId.New(), CallId.New());
        var part = Part();
        ledger.Open(first, part, 0);
        ledger.Open(second, Part(), 0);
        ledger.Settle(second);

        Assert.Same(part, ledger.Open(CallId.New(), Part(), 0));
        Assert.Null(ledger.Open(CallId.New(), Part(), 0));
        Assert.Null(ledger.Close(first, out _));
    }

    [Fact]
    public void A_call_that_has_ended_is_forgotten_after_ten_seconds_and_one_that_is_out_is_not()
    {
        var ledger = new CallLedger(100);
        var (settled, closed, isOut) = (CallId.New(), CallId.New(), CallId.New());
        foreach (var id in new[] { isOut, settled, closed }) ledger.Open(id, Part(), nowMs: 1000);
        ledger.Settle(settled);
        ledger.Close(closed, out _);

        ledger.Open(CallId.New(), Part(), nowMs: 10_999);
        Assert.True(ledger.TryAnswer(settled, out _));
        ledger.Open(CallId.New(), Part(), nowMs: 11_000);

        Assert.False(ledger.TryAnswer(settled, out _));
        Assert.False(ledger.TryAnswer(closed, out _));
        Assert.NotNull(ledger.Close(isOut, out var wasOut));
        Assert.True(wasOut);
    }

    [Fact]
    public void A_busy_counter_remembers_no_more_than_its_last_seconds()
    {
        var ledger = new CallLedger(100_000);
        for (var call = 0; call < 50_000; call++)
        {
            var id = CallId.New();
            ledger.Open(id, Part(), nowMs: call * 10);
            ledger.Settle(id);
        }

        Assert.InRange(ledger.Entries.Count(), 1000, 1001);
    }

    private static CounterPermit Part() => new(Key, Amount.One, Amount.One, 0, [], Amount.One);
}
