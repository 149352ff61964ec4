using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Control.Tests.Telemetry;

/// <summary>The series of a metric: one for the same labels, no change lost, and no more than the bound.</summary>
public sealed class MetricSeriesSetTests
{
    private static readonly string[] Names =
        [.. Enumerable.Range(0, MetricSeriesSet.SeriesMax + 10).Select(static i => $"{i}")];

    [Fact]
    public async Task Has_one_series_for_the_same_labels_and_loses_no_change()
    {
        const int Tasks = 8;
        const int Changes = 1_000_000;
        var set = new MetricSeriesSet();
        var shared = new MetricSeries?[2];
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(() =>
        {
            var own = new MetricSeries?[2];
            for (var i = 0; i < 2; i++)
                Add(set, task % 2 == 0 ? shared : own, i);
            var series = (own[0] ?? shared[0])!;
            for (var i = 0; i < Changes; i++)
                series.Add(1);
        })));

        Assert.Equal([Tasks + Tasks * Changes, Tasks], set.Read().Select(static each => each.Value));
    }

    [Fact]
    public void Counts_what_is_beyond_the_bound_together_and_last()
    {
        var set = new MetricSeriesSet();
        var places = new MetricSeries?[Names.Length];
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < places.Length; i++)
                Add(set, places, i);
        }

        var read = set.Read();

        Assert.Equal(MetricSeriesSet.SeriesMax + 1, read.Length);
        Assert.All(read[..^1], static each => Assert.Equal(2, each.Value));
        Assert.Equal(20, read[^1].Value);
        Assert.Equal(new KeyValuePair<string, object?>("otel.metric.overflow", true), Assert.Single(Tags(read[^1])));
    }

    private static KeyValuePair<string, object?>[] Tags(in Measurement<long> measurement) =>
        measurement.Tags.ToArray();

    private static void Add(MetricSeriesSet set, MetricSeries?[] places, int which) =>
        set.At(ref places[which], new KeyValuePair<string, object?>("which", Names[which])).Add(1);
}
