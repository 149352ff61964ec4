namespace Gateway.Orleans.Tests.Clusters;

/// <summary>Short words for what tests ask of a limiter.</summary>
internal static class Calls
{
    public static CounterKey Key(string counter = "calls", string window = "minute")
    {
        Assert.True(Window.TryParse(window, out var parsed));
        return new CounterKey(LimitScope.Grant, "agent@afip", counter, WindowKind.Fixed, parsed);
    }

    public static LimitCost Cost(CounterKey key, long max, long cost = 1, bool refund = false) =>
        new(key, Amount.FromUnits(max), Amount.FromUnits(cost), refund);

    public static ValueTask<LimitDecision> CallAsync(
        this ILimiter limiter, TestCluster cluster, params LimitCost[] costs) =>
        limiter.AcquireAsync(new LimitRequest(CallId.New(), cluster.Clock.NowMs(), [.. costs]), default);
}
