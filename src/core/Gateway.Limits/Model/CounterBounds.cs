using System.ComponentModel.DataAnnotations;

namespace Gateway.Limits.Model;

/// <summary>
/// How many counters one process has at a time. At a bound a new one is refused; none that may still refuse somebody is
/// given up for it, because a session's would come back empty: its id is sealed and not stored.
/// </summary>
public sealed record CounterBounds
{
    /// <summary>So many there are however little memory there is, and an operator asks for no fewer.</summary>
    public const int CountersLeast = 1000;

    /// <summary>Of all kinds; 4,000,000 where nothing else is said.</summary>
    [Range(1, int.MaxValue)]
    public int CountersMax { get; init; } = 4_000_000;

    /// <summary>
    /// Of the sessions of all grants and the domains of services: seven eighths of <see cref="CountersMax"/>, so that
    /// the counters of grants and servers, which agents cannot make more of, always find room.
    /// </summary>
    public int SessionCountersMax => CountersMax - (CountersMax / 8);

    /// <summary>Of the sessions of one grant, or of one domain: a quarter of <see cref="CountersMax"/>.</summary>
    public int SessionCountersPerGrantMax => Math.Max(1, CountersMax / 4);

    /// <summary>As many as fit into a part of the memory that this process may use, by default at most.</summary>
    /// <param name="counterBytes">What one takes, generously.</param>
    /// <param name="share">The part of the memory that is theirs.</param>
    public static CounterBounds OfMemory(int counterBytes, double share) =>
        OfMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, counterBytes, share);

    /// <summary>The same of so much memory.</summary>
    public static CounterBounds OfMemory(long memoryBytes, int counterBytes, double share)
    {
        var most = new CounterBounds();
        var fitting = (long)(memoryBytes * share) / counterBytes;
        return most with { CountersMax = (int)Math.Clamp(fitting, CountersLeast, most.CountersMax) };
    }
}
