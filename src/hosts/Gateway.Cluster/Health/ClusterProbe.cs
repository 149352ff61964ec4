using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Cluster.Health;

/// <summary>
/// Asks a counter of its own for one number a second, all the way to the store's reservation: an answer means that this
/// process can have calls decided. It is not ready after five seconds without one, so that one silo that goes down, and
/// whose counters have a new owner sooner than that, takes no frontend with it.
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
            else if (time.GetElapsedTime(answeredAt) >= Patience) health.Probed(decision.Refusal.Reason);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>A few shared counters: new processes come and go, and leave no record of their own behind.</summary>
    private static LimitRequest Request(long nowMs)
    {
        Window.TryFromSeconds(10, out var window);
        var counter = $"probe-{Random.Shared.Next(Counters)}";
        var key = new CounterKey(LimitScope.Server, "gateway", counter, WindowKind.Fixed, window);
        return new LimitRequest(CallId.New(), nowMs, [new LimitCost(key, Max, Amount.One)]);
    }
}
