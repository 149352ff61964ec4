namespace Gateway.Faults.Load;

/// <summary>
/// A watch for the time that this machine let threads of the fleet, or of this program, wait for a CPU. Otherwise a
/// machine that is busy with something else would look like a slow fleet.
/// </summary>
/// <param name="log">The log that receives the delays.</param>
/// <param name="clock">The clock for time stamps.</param>
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
                // The first sample of a thread does not show when it waited.
                if (before.TryGetValue(thread, out var earlier))
                    worstMs = Math.Max(worstMs, (waited - earlier) / 1_000_000);
            }

            before = now;
            if (worstMs >= NotedFromMs) log.AddStall(sampledMs, worstMs);
        }
    }

    /// <summary>Reads the kernel's count of nanoseconds that each thread was ready to run and did not.</summary>
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
            // The process has ended, or this system does not provide the figure.
        }
    }
}
