using System.Threading.Channels;

namespace Gateway.LoadTests.Generating;

/// <summary>
/// The load generator for the calls of a plan. Open loop: at a fixed rate, with latency measured from the time when a
/// call was due, so that nothing is omitted while the server stalls. Closed loop: as fast as responses arrive, which
/// finds the capacity and hides stalls.
/// </summary>
internal static class LoadGenerator
{
    public static async Task<LoadResult> RunAsync(LoadPlan plan, CancellationToken cancellationToken = default)
    {
        var begin = plan.Time.GetTimestamp();
        var due = Channel.CreateUnbounded<DueCall>(new UnboundedChannelOptions { SingleWriter = true });
        if (plan.RatePerSecond is { } rate)
            Pacer.Start(plan, rate, due.Writer);
        var numbers = new SharedNumbers();
        var workers = Enumerable.Range(0, plan.Connections).Select(worker => Task.Run(
            () => plan.RatePerSecond is null
                ? new LoadWorker(plan, worker, begin).CloseLoopAsync(numbers, cancellationToken)
                : new LoadWorker(plan, worker, begin).OpenLoopAsync(due.Reader, cancellationToken),
            cancellationToken));
        var total = new LoadResult();
        foreach (var one in await Task.WhenAll(workers))
            total.Add(one);
        total.Elapsed = plan.Time.GetElapsedTime(begin);
        return total;
    }
}
