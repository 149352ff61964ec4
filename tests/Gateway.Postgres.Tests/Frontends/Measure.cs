using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.Limits;

namespace Gateway.Postgres.Tests.Frontends;

/// <summary>Callers that only count, and say once a second how they fare.</summary>
internal static class Measure
{
    public static async Task RunAsync(
        PostgresFleet fleet, ImmutableArray<LimitCost>[] calls, int callers, CancellationToken stop)
    {
        var admitted = 0L;
        var refused = 0L;
        var longestGap = TimeSpan.Zero;
        var last = Stopwatch.GetTimestamp();
        var first = Random.Shared.Next(calls.Length);
        var latencies = new List<double>[callers];
        var refusals = new List<double>[callers];
        var load = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!stop.IsCancellationRequested) await second.WaitForNextTickAsync(CancellationToken.None);
        await load;
        var (p50, p99) = Percentiles(latencies);
        var (refused50, refused99) = Percentiles(refusals);
        var cpu = Environment.CpuUsage.TotalTime;
        Frontend.Say(
            $"measured {admitted} {refused} {fleet.Reservations.WriteBatches} {fleet.Reservations.ReadBatches} "
            + $"{fleet.Reservations.Writes} "
            + $"{p50:F3} {p99:F3} {cpu.TotalMicroseconds:F0} "
            + $"{refused50:F3} {refused99:F3} {longestGap.TotalMilliseconds:F0}");

        async Task CallAsync(int caller)
        {
            var (mine, notMine) = (latencies[caller] = [], refusals[caller] = []);
            for (var turn = first + caller; !stop.IsCancellationRequested; turn += callers)
            {
                var began = Stopwatch.GetTimestamp();
                var call = new LimitRequest(CallId.New(), fleet.Clock.NowMs(), calls[turn % calls.Length]);
                var decision = await fleet.Limiter.AcquireAsync(call, CancellationToken.None);
                var now = Stopwatch.GetTimestamp();
                if (!decision.IsAdmitted)
                {
                    Interlocked.Increment(ref refused);
                    notMine.Add(Stopwatch.GetElapsedTime(began, now).TotalMilliseconds);
                    await Task.Yield();
                    continue;
                }

                decision.Permit.TrySpend(fleet.Clock.NowMs(), out _);
                mine.Add(Stopwatch.GetElapsedTime(began, now).TotalMilliseconds);
                Interlocked.Increment(ref admitted);
                var gap = Stopwatch.GetElapsedTime(Interlocked.Exchange(ref last, now), now);
                if (gap > longestGap) longestGap = gap;
            }
        }
    }
    private static (double Middle, double Late) Percentiles(IEnumerable<double>[] latencies)
    {
        var sorted = latencies.SelectMany(static each => each).Order().ToArray();
        return sorted.Length == 0 ? default : (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }
}
