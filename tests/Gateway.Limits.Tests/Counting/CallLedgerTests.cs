using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Counting;

public sealed class CallLedgerTests
{
    private static readonly CounterKey Key = new(LimitScope.Grant, "agent@afip", "calls", LimitKind.Fixed, Window.Week);

    [Fact]
    public void Numbers_of_one_call_come_back_once()
    {
        var (ledger, id, part) = (new CallLedger(8), CallId.New(), Part());
        ledger.Open(id, part);

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
        ledger.Open(id, part);

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
        ledger.Open(first, part);
        ledger.Open(second, Part());
        ledger.Settle(second);

        Assert.Same(part, ledger.Open(CallId.New(), Part()));
        Assert.Null(ledger.Open(CallId.New(), Part()));
        Assert.Null(ledger.Close(first, out _));
    }

    private static CounterPermit Part() => new(Key, Amount.One, Amount.One, 0, [], Amount.One);
}
