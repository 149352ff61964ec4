namespace Gateway.Limits.Tests.Acquiring;

/// <summary>What a frontend far from its counters may refuse by itself.</summary>
public sealed class RefusalCacheTests
{
    private const long StartMs = 1_772_366_400_000;
    private const int MarginMs = 250;

    private static readonly CounterKey Key = Asked.Key("calls", "10s");

    private readonly RefusalCache _refusals = new(2, MarginMs);

    [Fact]
    public void A_refusal_holds_from_its_windows_start_until_the_dead_band_at_its_end()
    {
        Keep(Cost(Key), StartMs + 5000);
        Assert.False(IsKnown(Cost(Key), StartMs - 1));
        Assert.True(IsKnown(Cost(Key), StartMs));
        Assert.True(IsKnown(Cost(Key), StartMs + 10_000 - MarginMs - 1));
        Assert.False(IsKnown(Cost(Key), StartMs + 10_000 - MarginMs));
    }

    [Fact]
    public void A_refusal_holds_for_a_minute_at_most()
    {
        var key = Asked.Key("calls", "hour");
        Keep(Cost(key), StartMs + 5000);
        Assert.True(IsKnown(Cost(key), StartMs + 64_999));
        Assert.False(IsKnown(Cost(key), StartMs + 65_000));
    }

    [Fact]
    public void A_refusal_holds_for_its_maximum_and_for_costs_not_below_the_smallest_refused()
    {
        Keep(Cost(Key, cost: 3), StartMs);
        Keep(Cost(Key, cost: 2), StartMs);
        Keep(Cost(Key, cost: 4), StartMs);
        Assert.True(IsKnown(Cost(Key, cost: 2), StartMs));
        Assert.True(IsKnown(Cost(Key, cost: 9), StartMs));
        Assert.False(IsKnown(Cost(Key, cost: 1), StartMs));
        Assert.False(IsKnown(Cost(Key, cost: 2, max: 11), StartMs));
    }

    [Fact]
    public void Only_a_final_refusal_for_want_of_room_is_remembered()
    {
        _refusals.Keep(Cost(Key), new(RefusalKind.NoRoom, default, StartMs), StartMs);
        _refusals.Keep(Cost(Key), new(RefusalKind.ClockBehind, default, StartMs, IsFinal: true), StartMs);
        Assert.False(IsKnown(Cost(Key), StartMs));
    }

    [Fact]
    public void At_the_bound_what_is_over_goes_first_and_then_all()
    {
        CounterCost brief = Cost(Asked.Key("brief", "1s")), second = Cost(Asked.Key("second", "10s"));
        Keep(brief, StartMs);
        Keep(Cost(Key), StartMs);
        Keep(second, StartMs + 1000);
        Assert.True(IsKnown(Cost(Key), StartMs + 1000));
        Keep(brief, StartMs + 1000, windowStartMs: StartMs + 1000);
        Assert.False(IsKnown(Cost(Key), StartMs + 1000));
        Assert.True(IsKnown(brief, StartMs + 1000));
    }

    private static CounterCost Cost(CounterKey key, long cost = 1, long max = 10) =>
        new(key, Amount.FromUnits(max), Amount.FromUnits(cost), default, 0);

    private void Keep(in CounterCost cost, long nowMs, long windowStartMs = StartMs) =>
        _refusals.Keep(cost, new(RefusalKind.NoRoom, cost.Max, windowStartMs, IsFinal: true), nowMs);

    private bool IsKnown(in CounterCost cost, long nowMs) => _refusals.TryFind(cost, nowMs, out _);
}
