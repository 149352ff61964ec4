namespace Gateway.Faults.Load;

/// <summary>
/// Notes for how long this machine let a thread of the fleet, or of this program, wait for a CPU, so that a machine
/// that is busy with something else is not taken for a fleet that is late.
/// </summary>
/// <param name="log">Where it is noted.</param>
/// <param name="clock">Stamps it.</param>
/// <param name="processes">The ids of the fleet's processes.</param>
internal sealed class StallWatch(RunLog log, RunClock clock, Func<IEnumerable<int>> processes)
{
    private const long EveryMs = 200;
    private const long NotedFromMs = 20;

    public async Task RunAsync(CancellationToken stop)
    {
        var before = new Dictionary<string, long>();
        for (var sampledMs = clock.NowMs(); !stop.IsCancellationRequested;)
        {
            await RunClock.PassAsync(EveryMs, stop);
            var worstMs = clock.NowMs() - sampledMs - EveryMs;
            sampledMs = clock.NowMs();
            var now = new Dictionary<string, long>();
            foreach (var process in processes().Append(Environment.ProcessId)) Sample(process, now);
            foreach (var (thread, waited) in now)
            {
                // The first sample of a thread says nothing of when it waited.
                if (before.TryGetValue(thread, out var earlier))
                    worstMs = Math.Max(worstMs, (waited - earlier) / 1_000_000);
            }

            before = now;
            if (worstMs >= NotedFromMs) log.AddStall(sampledMs, worstMs);
        }
    }

    /// <summary>The kernel's count of nanoseconds that each thread was ready to run and did not.</summary>
    private static void Sample(int process, Dictionary<string, long> waited)
    {
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            {
                var fields = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
                waited[thread] = long.Parse(fields[1], CultureInfo.InvariantCulture);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or this system does not say.
        }
    }
}
