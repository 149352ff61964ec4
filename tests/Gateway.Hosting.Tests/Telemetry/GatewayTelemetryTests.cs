using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;
using Gateway.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Tests.Telemetry;

/// <summary>The text that Prometheus scrapes, from instruments that this test owns.</summary>
public sealed class GatewayTelemetryTests : IAsyncLifetime, IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";
    private readonly GatewayTelemetry _telemetry = new(moreMeters: [nameof(GatewayTelemetryTests), "Second"]);
    private readonly Meter _meter = new(nameof(GatewayTelemetryTests));
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _telemetry.Map(_app);
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _meter.Dispose();
        _telemetry.Dispose();
    }

    /// <summary>An instrument that receives each change is the reference: both read alike to the byte.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(MetricSeriesSet.SeriesMax)]
    [InlineData(MetricSeriesSet.SeriesMax + 10)]
    public async Task Series_set_reads_like_an_instrument_that_receives_each_change(int count)
    {
        var (kept, keptOpen) = (new MetricSeriesSet(), new MetricSeriesSet());
        _meter.CreateObservableCounter("kept", kept.Read, description: "x");
        _meter.CreateObservableUpDownCounter("kept.open", keptOpen.Read, description: "x");
        var counter = _meter.CreateCounter<long>("told", description: "x");
        var openCounter = _meter.CreateUpDownCounter<long>("told.open", description: "x");
        var (places, openPlaces) = (new MetricSeries?[count], new MetricSeries?[count]);

        for (var scrape = 0; scrape < 2; scrape++)
        {
            for (var i = 0; i < count; i++)
            {
                KeyValuePair<string, object?>[] labels = [new("server", $"{i}"), new("outcome", "allowed")];
                kept.At(ref places[i], labels).Add(i);
                counter.Add(i, labels);
                keptOpen.At(ref openPlaces[i], labels).Add(scrape == 0 ? 1 : -1);
                openCounter.Add(scrape == 0 ? 1 : -1, labels);
            }

            var lines = (await ScrapeAsync()).Split('\n');
            Assert.Equal(Of(lines, "told").Select(static line => line.Replace("told", "kept")), Of(lines, "kept"));
            Assert.Equal(2 * Math.Min(count, MetricSeriesSet.SeriesMax + 1) + 4, Of(lines, "kept").Length);
        }
    }

    /// <summary>
    /// Names, types and labels are those that the writer before this exporter produced: dashboards depend on them.
    /// </summary>
    [Fact]
    public async Task Text_format_keeps_names_units_types_and_escaping()
    {
        MakeInstruments();

        var text = await ScrapeAsync();

        string[] expected =
        [
            "# TYPE target_info gauge",
            "target_info{service_name=\"policy-gateway\",",
            "# TYPE t_bytes_total counter",
            "# HELP t_bytes_total With \\\\ and \\n and \" in it.",
            """t_bytes_total{outcome="x",tool="a\"b\\c\nd"} 3""",
            "# TYPE t_wait_seconds histogram",
            """t_wait_seconds_bucket{server="srv",le="0.0005"} 0""",
            """t_wait_seconds_bucket{server="srv",le="1"} 1""",
            """t_wait_seconds_bucket{server="srv",le="+Inf"} 1""",
            """t_wait_seconds_sum{server="srv"} 0.25""",
            """t_wait_seconds_count{server="srv"} 1""",
            "# TYPE t_used_ratio gauge",
            "t_used_ratio{} 0.1",
            "# TYPE t_open gauge",
            "t_open{} -5",
        ];
        Assert.All(expected, line => Assert.Contains($"\n{line}", $"\n{text}", StringComparison.Ordinal));
        Assert.DoesNotContain("otel_scope", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenMetrics_is_served_where_Accept_prefers_it()
    {
        MakeInstruments();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", $"{OpenMetrics};q=0.6,text/plain;version=0.0.4;q=0.4");

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("application/openmetrics-text", response.Content.Headers.ContentType?.MediaType);
        string[] expected =
        [
            "# TYPE target info",
            "# TYPE t_bytes counter",
            "# UNIT t_bytes bytes",
            """t_bytes_total{outcome="x",tool="a\"b\\c\nd"} 3""",
            "# TYPE t_wait_seconds histogram",
            "# UNIT t_wait_seconds seconds",
            """t_wait_seconds_bucket{server="srv",le="1.0"} 1""",
            "# TYPE t_used_ratio gauge",
            "# TYPE t_open gauge",
        ];
        Assert.All(expected, line => Assert.Contains($"\n{line}", $"\n{text}", StringComparison.Ordinal));
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    /// <summary>The earlier writer dropped the second of them.</summary>
    [Fact]
    public async Task Two_meters_with_an_instrument_of_one_name_share_a_family()
    {
        using var second = new Meter("Second");
        _meter.CreateCounter<long>("twice").Add(1, new KeyValuePair<string, object?>("of", "first"));
        second.CreateCounter<long>("twice").Add(2, new KeyValuePair<string, object?>("of", "second"));

        var lines = (await ScrapeAsync()).Split('\n');

        Assert.Contains("""twice_total{of="first"} 1""", lines);
        Assert.Contains("""twice_total{of="second"} 2""", lines);
        Assert.Single(lines, "# TYPE twice_total counter");
    }

    [Fact]
    public async Task Other_methods_than_GET_are_refused()
    {
        using var response = await _client.PostAsync("/metrics", null);

        Assert.Equal(StatusCodes.Status405MethodNotAllowed, (int)response.StatusCode);
    }

    private void MakeInstruments()
    {
        _meter.CreateCounter<long>("t.bytes", "By", "With \\ and \n and \" in it.")
            .Add(3, new("tool", "a\"b\\c\nd"), new("outcome", "x"));
        var bounds = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 1] };
        _meter.CreateHistogram("t.wait", "s", "A time.", null, bounds)
            .Record(0.25, new KeyValuePair<string, object?>("server", "srv"));
        _meter.CreateObservableGauge("t.used.ratio", static () => 0.1, "1", "A part of 1.");
        _meter.CreateObservableUpDownCounter("t.open", static () => -5L, "{call}", "Open.");
    }

    private Task<string> ScrapeAsync() => _client.GetStringAsync("/metrics");

    private static string[] Of(string[] lines, string name) =>
        [.. lines.Where(line => line.StartsWith(name) || line.StartsWith($"# HELP {name}")
            || line.StartsWith($"# TYPE {name}"))];
}
