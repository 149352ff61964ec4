using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Generating;

/// <summary>The amount, targets and duration of a load.</summary>
internal sealed record LoadPlan
{
    /// <summary>
    /// The addresses for calls; connections use them in turn, and change after a call that was not accepted.
    /// </summary>
    public required IReadOnlyList<IPEndPoint> Targets { get; init; }

    /// <summary>Returns the whole HTTP request of the n-th call.</summary>
    public required Func<long, ReadOnlyMemory<byte>> Request { get; init; }

    /// <summary>The number of connections; each has one call in progress.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>The time during which calls are started.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The calls per second of an open loop; null for a closed loop, which sends the next call after a response.
    /// </summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The number of times that a call which was not accepted (503, no connection) is sent again.</summary>
    public int RetriesMax { get; init; }

    /// <summary>Also receives the latency of each second; null if it is not needed.</summary>
    public SliceRecorder? Slices { get; init; }

    /// <summary>The clock for durations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
