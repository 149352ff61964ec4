using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Grains;

/// <summary>How the owners of counters behave; the same at every silo of a cluster.</summary>
public sealed record CounterGrainOptions
{
    /// <summary>How long a call waits for numbers that may come back, in milliseconds; 50 by default.</summary>
    [Range(0, 10_000)]
    public int DeferMs { get; init; } = 50;

    /// <summary>
    /// How long one exchange with the store may take, 2 s by default; after it, its outcome counts as unknown.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Calls that one counter remembers, to recognise a repeated question and to take numbers back; the oldest is
    /// forgotten first, and its numbers then stay counted.
    /// </summary>
    [Range(1, 1 << 20)]
    public int CallsRememberedMax { get; init; } = 4096;

    /// <summary>
    /// Counters in memory at one silo; one more is refused, with the reason. Once there are half as many as may be,
    /// those that nobody asks leave memory after <see cref="IdleAge"/>; their records stay.
    /// </summary>
    [ValidateObjectMembers]
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>How long nobody asks for a counter that leaves memory where it is wanted; 15 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan IdleAge { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A dead band of <see cref="Gateway.Limits.Model.ClockBounds.EpsilonMs"/> at each edge of a window, in which calls
    /// wait.
    /// </summary>
    public bool StrictWindows { get; init; }
}
