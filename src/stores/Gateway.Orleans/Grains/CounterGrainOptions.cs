using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Grains;

/// <summary>Options of the counters' owners; they must be the same at every silo of a cluster.</summary>
public sealed record CounterGrainOptions
{
    /// <summary>
    /// Maximum time that a call waits for numbers that may be returned, in milliseconds; 50 by default.
    /// </summary>
    [Range(0, 10_000)]
    public int DeferMs { get; init; } = 50;

    /// <summary>
    /// Timeout of one exchange with the store, 2 s by default; after it, the outcome counts as unknown.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Maximum number of calls that one counter remembers to recognize repeated requests and to take numbers back. The
    /// oldest is forgotten first, and its numbers then stay counted.
    /// </summary>
    [Range(1, 1 << 20)]
    public int CallsRememberedMax { get; init; } = 4096;

    /// <summary>
    /// Bounds on the counters in memory at one silo; a further one is refused, with the reason. Above half of the
    /// bound, idle counters leave memory after <see cref="IdleAge"/>; their records stay.
    /// </summary>
    [ValidateObjectMembers]
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>Idle time after which a counter leaves memory if the memory is needed; 15 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan IdleAge { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// True to add a dead band of <see cref="Gateway.Limits.Model.ClockBounds.EpsilonMs"/> at each edge of a window, in
    /// which calls wait.
    /// </summary>
    public bool StrictWindows { get; init; }
}
