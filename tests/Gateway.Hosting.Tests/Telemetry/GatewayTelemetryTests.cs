using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;
using Gateway.Hosting.Telemetry;

namespace Gateway.Hosting.Tests.Telemetry;

/// <summary>What Prometheus reads of series that we keep ourselves.</summary>
public sealed class GatewayTelemetryTests
{
    /// <summary>An instrument that is told of each change is the measure: both say the same to the byte.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(MetricSeriesSet.SeriesMax)]
    [InlineData(MetricSeriesSet.SeriesMax + 10)]
    public void Tells_kept_series_as_those_of_an_instrument_that_is_told_of_each_change(int count)
    {
        using var telemetry = new GatewayTelemetry(moreMeters: [nameof(GatewayTelemetryTests)]);
        using var meter = new Meter(nameof(GatewayTelemetryTests));
        var (kept, keptOpen) = (new MetricSeriesSet(), new MetricSeriesSet());
        meter.CreateObservableCounter("kept", kept.Read, description: "x");
        meter.CreateObservableUpDownCounter("kept.open", keptOpen.Read, description: "x");
        var told = meter.CreateCounter<long>("told", description: "x");
        var toldOpen = meter.CreateUpDownCounter<long>("told.open", description: "x");
        var (places, openPlaces) = (new MetricSeries?[count], new MetricSeries?[count]);

        for (var scrape = 0; scrape < 2; scrape++)
        {
            for (var i = 0; i < count; i++)
            {
                KeyValuePair<string, object?>[] labels = [new("server", $"{i}"), new("outcome", "allowed")];
                kept.At(ref places[i], labels).Add(i);
                told.Add(i, labels);
                keptOpen.At(ref openPlaces[i], labels).Add(scrape == 0 ? 1 : -1);
                toldOpen.Add(scrape == 0 ? 1 : -1, labels);
            }

            var lines = Encoding.UTF8.GetString(telemetry.PrometheusText()).Split('\n');
            Assert.Equal(Of(lines, "told").Select(static line => line.Replace("told", "kept")), Of(lines, "kept"));
            Assert.Equal(2 * Math.Min(count, MetricSeriesSet.SeriesMax + 1) + 4, Of(lines, "kept").Length);
        }
    }

    private static string[] Of(string[] lines, string name) =>
        [.. lines.Where(line => line.StartsWith(name) || line.StartsWith($"# HELP {name}")
            || line.StartsWith($"# TYPE {name}"))];
}
