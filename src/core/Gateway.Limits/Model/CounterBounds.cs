using System.ComponentModel.DataAnnotations;

namespace Gateway.Limits.Model;

/// <summary>
/// Maximum number of counters that one process has at a time. At a bound a new one is refused. A counter that may still
/// refuse calls is never evicted for a new one: a session's counter would come back empty, since its id is sealed and
/// not stored.
/// </summary>
public sealed record CounterBounds
{
    /// <summary>The minimum, however little memory there is; operators cannot configure less.</summary>
    public const int CountersLeast = 1000;

    /// <summary>Maximum number of counters of all kinds; 4,000,000 by default.</summary>
    [Range(1, int.MaxValue)]
    public int CountersMax { get; init; } = 4_000_000;

    /// <summary>
    /// Maximum number of counters of sessions of all grants and of domains of services: seven eighths of
    /// <see cref="CountersMax"/>. The counters of grants and servers, which agents cannot multiply, therefore always
    /// find room.
    /// </summary>
    public int SessionCountersMax => CountersMax - (CountersMax / 8);

    /// <summary>
    /// Maximum for the sessions of one grant, or for one domain: a quarter of <see cref="CountersMax"/>.
    /// </summary>
    public int SessionCountersPerGrantMax => Math.Max(1, CountersMax / 4);

    /// <summary>
    /// Returns the bounds that fit into a part of the memory that this process may use, up to the default.
    /// </summary>
    /// <param name="counterBytes">The size of one counter, a generous estimate.</param>
    /// <param name="share">The part of the memory that counters may use.</param>
    public static CounterBounds OfMemory(int counterBytes, double share) =>
        OfMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, counterBytes, share);

    /// <summary>Returns the bounds that fit into a part of this much memory, up to the default.</summary>
    public static CounterBounds OfMemory(long memoryBytes, int counterBytes, double share)
    {
        var most = new CounterBounds();
        var fitting = (long)(memoryBytes * share) / counterBytes;
        return most with { CountersMax = (int)Math.Clamp(fitting, CountersLeast, most.CountersMax) };
    }
}
