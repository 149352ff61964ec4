using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Cluster.Health;

/// <summary>
/// Requests one number per second from a dedicated counter, all the way to the store's reservation: a reply proves that
/// this process can have calls decided. The process becomes unready after five seconds without one, so that a single
/// lost silo, whose counters get a new owner sooner than that, makes no frontend unready.
/// </summary>
internal sealed class ClusterProbe(ILimiter limiter, ClusterHealth health, TimeProvider time) : BackgroundService
{
    private const int Counters = 16;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Amount Max = Amount.FromUnits(1_000_000_000);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var clock = new ProcessClock(time);
        using var timer = new PeriodicTimer(Every, time);
        var answeredAt = time.GetTimestamp();
        do
        {
            var decision = await limiter.AcquireAsync(Request(clock.NowMs()), stoppingToken);
            if (decision.IsAdmitted) answeredAt = time.GetTimestamp();
            if (decision.IsAdmitted) health.Probed(null);
            else if (time.GetElapsedTime(answeredAt) >= Patience) health.Probed(Fault(decision.Refusal));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>The reason of a refusal is for the agent whose call was refused, and here there is none.</summary>
    private static string Fault(LimitRefusal refusal) => refusal.Kind == RefusalKind.EngineUnavailable
        ? $"no silo has counted for {Patience.TotalSeconds} s. Check the silos and their store" : refusal.Reason;

    /// <summary>Uses a few shared counters, so that short-lived processes leave no records of their own.</summary>
    private static LimitRequest Request(long nowMs)
    {
        Window.TryFromSeconds(10, out var window);
        var counter = $"probe-{Random.Shared.Next(Counters)}";
        var key = new CounterKey(LimitScope.Server, "gateway", counter, WindowKind.Fixed, window);
        return new LimitRequest(CallId.New(), nowMs, [new LimitCost(key, Max, Amount.One)]);
    }
}
