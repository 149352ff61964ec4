using Gateway.Cluster.Stores;
using Gateway.Orleans;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// Has a silo leave whose clock is wrong: it hands its counters over, takes none, and the others own them. It waits
/// outside until its clock is right.
/// </summary>
internal sealed partial class ClockWatch(
    ClusterStore store, SiloCounters counters, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<ClockWatch> log) : BackgroundService
{
    /// <summary>One comparison may have met a clock that was just being set.</summary>
    private const int WrongMax = 3;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    /// <summary>True once it left because of its clock.</summary>
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

    [LoggerMessage(1, LogLevel.Error, "This silo hands its counters over and leaves: {Fault}.")]
    private partial void LogLeaves(string fault);
}
