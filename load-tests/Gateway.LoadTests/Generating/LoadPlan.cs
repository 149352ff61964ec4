using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Generating;

/// <summary>How much load, on whom, for how long.</summary>
internal sealed record LoadPlan
{
    /// <summary>Where calls go; connections take them in turn, and change after a call that was not taken.</summary>
    public required IReadOnlyList<IPEndPoint> Targets { get; init; }

    /// <summary>The whole HTTP request of the n-th call.</summary>
    public required Func<long, ReadOnlyMemory<byte>> Request { get; init; }

    /// <summary>Connections; each has one call under way.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>For how long calls are begun.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls a second of an open loop; null sends the next call when the last was answered.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How often a call that was not taken (503, no connection) is sent again.</summary>
    public int RetriesMax { get; init; }

    /// <summary>Takes the latency of each second too; null where nobody asks.</summary>
    public SliceRecorder? Slices { get; init; }

    /// <summary>Measures durations.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
