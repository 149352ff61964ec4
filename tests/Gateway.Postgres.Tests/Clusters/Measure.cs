namespace Gateway.Postgres.Tests.Clusters;

/// <summary>Callers that only count, and say at their end how they fared.</summary>
internal sealed class Measure(PostgresBackend fleet, ImmutableArray<LimitCost>[] calls, int callers)
{
    private readonly int _first = Random.Shared.Next(calls.Length);
    private readonly List<double>[] _admissions = Lists(callers);
    private readonly List<double>[] _refusals = Lists(callers);
    private Totals _atBegin;
    private int _round;
    private long _admitted;
    private long _refused;
    private long _lastAdmission = Stopwatch.GetTimestamp();
    private TimeSpan _longestGap;

    /// <summary>What was until now was to warm up.</summary>
    public void Begin()
    {
        _atBegin = Count();
        Interlocked.Increment(ref _round);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, stop))));
        var (at, began) = (Count(), _atBegin);
        var (p50, p99) = Percentiles(_admissions);
        var (refused50, refused99) = Percentiles(_refusals);
        Frontend.Say(
            $"measured {at.Admitted - began.Admitted} {at.Refused - began.Refused} "
            + $"{at.WriteBatches - began.WriteBatches} {at.ReadBatches - began.ReadBatches} {at.Writes - began.Writes} "
            + $"{p50:F3} {p99:F3} {(at.Cpu - began.Cpu).TotalMicroseconds:F0} "
            + $"{refused50:F3} {refused99:F3} {_longestGap.TotalMilliseconds:F0}");
    }

    private async Task CallAsync(int caller, CancellationToken stop)
    {
        var round = 0;
        for (var turn = _first + caller; !stop.IsCancellationRequested; turn += callers)
        {
            var began = Stopwatch.GetTimestamp();
            var call = new LimitRequest(CallId.New(), fleet.Clock.NowMs(), calls[turn % calls.Length]);
            var decision = await fleet.AcquireAsync(call, CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            if (round != Volatile.Read(ref _round))
            {
                round = Volatile.Read(ref _round);
                _admissions[caller].Clear();
                _refusals[caller].Clear();
            }

            if (!decision.IsAdmitted)
            {
                Interlocked.Increment(ref _refused);
                _refusals[caller].Add(Stopwatch.GetElapsedTime(began, now).TotalMilliseconds);
                await Task.Yield();
                continue;
            }

            decision.Permit.TrySpend(fleet.Clock.NowMs(), out _);
            Interlocked.Increment(ref _admitted);
            _admissions[caller].Add(Stopwatch.GetElapsedTime(began, now).TotalMilliseconds);
            var gap = Stopwatch.GetElapsedTime(Interlocked.Exchange(ref _lastAdmission, now), now);
            if (gap > _longestGap) _longestGap = gap;
        }
    }

    private Totals Count() => new(
        Interlocked.Read(ref _admitted),
        Interlocked.Read(ref _refused),
        fleet.Reservations.WriteBatches,
        fleet.Reservations.ReadBatches,
        fleet.Reservations.Writes,
        Environment.CpuUsage.TotalTime);

    private static List<double>[] Lists(int callers) =>
        [.. Enumerable.Range(0, callers).Select(static _ => new List<double>())];

    private static (double Middle, double Late) Percentiles(IEnumerable<double>[] latencies)
    {
        var sorted = latencies.SelectMany(static each => each).Order().ToArray();
        return sorted.Length == 0 ? default : (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }

    private readonly record struct Totals(
        long Admitted, long Refused, long WriteBatches, long ReadBatches, long Writes, TimeSpan Cpu);
}
