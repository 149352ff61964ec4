using Gateway.Cluster.Stores;
using Gateway.Orleans;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// Removes a silo with a wrong clock from the fleet: it hands over its counters, takes no new ones, and the other silos
/// own them. It waits outside until its clock is right.
/// </summary>
internal sealed partial class ClockWatch(
    ClusterStore store, SiloCounters counters, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<ClockWatch> log) : BackgroundService
{
    /// <summary>
    /// Number of wrong comparisons in a row before leaving, because a single one may coincide with an adjustment of a
    /// clock.
    /// </summary>
    private const int WrongMax = 3;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    /// <summary>True once the silo has left because of its clock.</summary>
    public bool HasLeft { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.Clocks is not { } clocks) return;
        using var timer = new PeriodicTimer(Every, time);
        for (var wrong = 0; await timer.WaitForNextTickAsync(stoppingToken);)
        {
            if (await clocks.CompareAsync(isMember: true, stoppingToken) is not { } report) continue;
            wrong = report.IsWrong ? wrong + 1 : 0;
            if (wrong < WrongMax) continue;
            LogLeaves(report.Text);
            HasLeft = true;
            store.OnlyReturn();
            await counters.LeaveAsync();
            await clocks.CompareAsync(isMember: false, stoppingToken);
            lifetime.StopApplication();
            return;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "This silo hands over its counters and leaves: {Fault}.")]
    private partial void LogLeaves(string fault);
}
