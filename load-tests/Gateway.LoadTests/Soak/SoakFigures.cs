using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Soak;

/// <summary>The figures that a run is evaluated by, and the allowed growth of each.</summary>
internal static class SoakFigures
{
    private const double Megabyte = 1024 * 1024;

    public static IReadOnlyList<SoakFigure> Of(
        IReadOnlyList<SoakSample> samples, IReadOnlyList<LatencySlice> slices) =>
    [
        new("memory", "MiB", Points(samples, static sample => sample.MemoryBytes / Megabyte), 0.05, 8, true),
        // The figure shows the heap after the last collection, and collections are far apart.
        new("managed heap", "MiB", Points(samples, static sample => sample.HeapBytes / Megabyte), 0.10, 8, true),
        new("open handles", "", Points(samples, static sample => sample.Handles), 0.05, 4, true),
        new("threads", "", Points(samples, static sample => sample.Threads), 0.05, 2, true),
        // The audit log grows until it reaches its maximum size.
        new("disk", "MiB", Points(samples, static sample => sample.DiskBytes / Megabyte), 0.05, 8, false),
        new("p50", "ms", Points(slices, static slice => slice.P50), 0.20, 0.5, false),
        new("p99", "ms", Points(slices, static slice => slice.P99), 0.20, 2, false),
        new("slowest", "ms", Points(slices, static slice => slice.Max), 0.20, 10, false),
    ];

    private static List<(double Seconds, double Value)> Points(
        IReadOnlyList<SoakSample> samples, Func<SoakSample, double?> value) =>
        [
            .. samples.Where(sample => value(sample) is not null)
                .Select(sample => (sample.Seconds, value(sample)!.Value)),
        ];

    private static List<(double Seconds, double Value)> Points(
        IReadOnlyList<LatencySlice> slices, Func<LatencySlice, double> value) =>
        [.. slices.Select(slice => ((double)slice.Second, value(slice)))];
}
