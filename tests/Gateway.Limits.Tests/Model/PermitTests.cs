namespace Gateway.Limits.Tests.Model;

public sealed class PermitTests
{
    private const long StartMs = 1_772_366_400_000;
    private static readonly Window Minute = Window.TryParse("minute", out var minute) ? minute : default;
    private static readonly CounterKey Key = new(LimitScope.Grant, "bot@afip", "otp", WindowKind.Fixed, Minute);

    [Fact]
    public void Is_spent_once()
    {
        var permit = Make();
        Assert.Equal(SpendOutcome.Spent, permit.TrySpend(StartMs, out _));
        Assert.Equal(SpendOutcome.AlreadySpent, permit.TrySpend(StartMs, out _));
    }

    [Fact]
    public void Is_spent_once_by_many_threads()
    {
        var permit = Make();
        var spent = 0;
        Parallel.For(0, 64, _ =>
        {
            if (permit.TrySpend(StartMs, out var _) == SpendOutcome.Spent) Interlocked.Increment(ref spent);
        });
        Assert.Equal(1, spent);
    }

    [Theory]
    [InlineData(0, SpendOutcome.Spent)]
    [InlineData(2000, SpendOutcome.Spent)]
    [InlineData(2001, SpendOutcome.Expired)]
    [InlineData(-500, SpendOutcome.Spent)]
    [InlineData(-501, SpendOutcome.Expired)]
    public void Of_a_sliding_limit_holds_for_a_moment_only(long offsetMs, SpendOutcome outcome)
    {
        foreach (var marginMs in new[] { 0, ClockBounds.EpsilonMs })
        {
            var part = new CounterPermit(
                Asked.SlidingKey(window: "minute"), Amount.One, Amount.One, StartMs, [], Amount.One);
            var permit = new Permit(CallId.New(), [part], marginMs);
            Assert.Equal(outcome, permit.TrySpend(StartMs + offsetMs, out var wait));
            Assert.Equal(0, wait);
        }
    }

    [Theory]
    [InlineData(59_999, SpendOutcome.Spent, 0)]
    [InlineData(60_000, SpendOutcome.Expired, 0)]
    [InlineData(-1, SpendOutcome.Wait, 1)]
    [InlineData(-500, SpendOutcome.Wait, 500)]
    [InlineData(-501, SpendOutcome.Expired, 0)]
    public void Holds_in_its_window_only(long offsetMs, SpendOutcome outcome, int waitMs)
    {
        Assert.Equal(outcome, Make().TrySpend(StartMs + offsetMs, out var wait));
        Assert.Equal(waitMs, wait);
    }

    [Theory]
    [InlineData(59_749, SpendOutcome.Spent, 0)]
    [InlineData(59_750, SpendOutcome.Expired, 0)]
    [InlineData(249, SpendOutcome.Wait, 1)]
    [InlineData(250, SpendOutcome.Spent, 0)]
    public void A_strict_permit_keeps_clear_of_both_edges(long offsetMs, SpendOutcome outcome, int waitMs)
    {
        Assert.Equal(outcome, Make(marginMs: ClockBounds.EpsilonMs).TrySpend(StartMs + offsetMs, out var wait));
        Assert.Equal(waitMs, wait);
    }

    [Fact]
    public void A_closed_permit_pays_for_nothing()
    {
        var permit = Make();
        Assert.True(permit.TryClose());
        Assert.False(permit.TryClose());
        Assert.Equal(SpendOutcome.AlreadySpent, permit.TrySpend(StartMs, out _));
    }

    [Fact]
    public void Numbers_above_the_maximum_are_never_spent()
    {
        var part = new CounterPermit(
            Key, Amount.One, Amount.One, StartMs, [new NumberRange(Amount.One.Nano, 2 * Amount.One.Nano)], Amount.One);
        Assert.Equal(SpendOutcome.Expired, new Permit(CallId.New(), [part]).TrySpend(StartMs, out _));
    }

    [Fact]
    public void A_call_without_limits_needs_no_permit()
    {
        Assert.Equal(SpendOutcome.Spent, Permit.None.TrySpend(0, out _));
        Assert.Equal(SpendOutcome.Spent, Permit.None.TrySpend(0, out _));
    }

    [Fact]
    public void Call_ids_differ()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => CallId.New()).ToHashSet();
        Assert.Equal(1000, ids.Count);
        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{32}$", id.ToString()));
    }

    private static Permit Make(int marginMs = 0) => new(
        CallId.New(),
        [new(Key, Amount.FromUnits(10), Amount.One, StartMs, [new NumberRange(0, Amount.One.Nano)], Amount.One)],
        marginMs);
}
