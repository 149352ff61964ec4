using System.Diagnostics;
using System.Globalization;
using Gateway.Storage.Local.Journal;

namespace Gateway.Benchmarks;

/// <summary>The figures of a run over turning windows at one moment.</summary>
internal sealed record TurningFigures
{
    public const string Head =
        "   s  in window    calls/s  CPU us/call  writes/call  refused  longest ms  over 10 ms  journal MB   counters  "
        + "collections  paused ms  heap MB";

    private TimeSpan At { get; init; }

    private long Calls { get; init; }

    private long Refused { get; init; }

    private long Late { get; init; }

    private TimeSpan Longest { get; init; }

    private TimeSpan Cpu { get; init; }

    private long Writes { get; init; }

    private int Counters { get; init; }

    private long JournalBytes { get; init; }

    private int Collections { get; init; }

    private TimeSpan Paused { get; init; }

    public static TurningFigures Take(JournalEngine limiter, TurningCaller[] callers, TimeSpan at)
    {
        using var self = Process.GetCurrentProcess();
        var figures = limiter.Statistics;
        return new TurningFigures
        {
            At = at,
            Calls = callers.Sum(static caller => caller.Calls),
            Refused = callers.Sum(static caller => caller.Refused),
            Late = callers.Sum(static caller => caller.LateCalls),
            Longest = callers.Max(static caller => caller.TakeLongest()),
            Cpu = self.TotalProcessorTime,
            Writes = figures.Writes,
            Counters = figures.CountersInMemory,
            JournalBytes = limiter.JournalBytes,
            Collections = GC.CollectionCount(0),
            Paused = GC.GetTotalPauseDuration(),
        };
    }

    /// <summary>Returns a line with the changes since the other moment and the present values.</summary>
    public string Since(TurningFigures before, long inWindowSeconds)
    {
        var calls = Math.Max(1, Calls - before.Calls);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{At.TotalSeconds,4:f0} {inWindowSeconds,10} {calls / (At - before.At).TotalSeconds,10:n0} "
            + $"{(Cpu - before.Cpu).TotalMicroseconds / calls,12:f2} {(Writes - before.Writes) / (double)calls,12:f3} "
            + $"{Refused - before.Refused,8} {Longest.TotalMilliseconds,11:f1} {Late - before.Late,11} "
            + $"{JournalBytes / 1e6,11:f0} {Counters,10} {Collections - before.Collections,12} "
            + $"{(Paused - before.Paused).TotalMilliseconds,10:f0} {GC.GetTotalMemory(false) / 1e6,8:f0}");
    }
}
