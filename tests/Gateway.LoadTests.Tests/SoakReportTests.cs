using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Soak;

namespace Gateway.LoadTests.Tests;

public sealed class SoakReportTests
{
    [Fact]
    public void Says_that_all_is_flat_where_nothing_grows()
    {
        var report = Report(static _ => 100);

        Assert.Empty(report.Problems);
        Assert.Contains("no slice of 1 s over 4 x the median slice", report.Text());
        Assert.DoesNotContain("NO (", report.Text());
    }

    [Fact]
    public void Fails_where_handles_grow()
    {
        var report = Report(static second => 100 + second);

        Assert.Equal("open handles grew by 89.0 over the last three quarters", Assert.Single(report.Problems));
    }

    [Fact]
    public void Names_a_slow_second_and_what_happened_in_it()
    {
        var report = Report(static _ => 100) with
        {
            Slices = [.. Enumerable.Range(0, 120).Select(static second =>
                new LatencySlice(second, 10, 1, second == 50 ? 80 : 2, second == 50 ? 90 : 3))],
        };

        Assert.Contains("1 of 120 slices of 1 s over 4 x the median slice", report.Text());
        Assert.Contains("second    50: p99    80.0 ms, slowest    90.0 ms: journal rewritten", report.Text());
    }

    [Fact]
    public void Draws_every_figure_without_a_script()
    {
        var svg = System.Xml.Linq.XDocument.Parse(Report(static _ => 100).Svg());

        var texts = svg.Descendants().Where(static one => one.Name.LocalName == "text").Select(static one => one.Value);
        Assert.Superset(
            new HashSet<string>
            {
                "memory", "managed heap", "open handles", "threads", "disk", "p50", "p99", "slowest", "minutes",
            },
            texts.ToHashSet());
        Assert.Equal(8, svg.Descendants().Count(static one => one.Name.LocalName == "polyline"));
        Assert.DoesNotContain(svg.Descendants(), static one => one.Name.LocalName == "script");
    }

    private static SoakReport Report(Func<int, int> handles) => new()
    {
        RatePerSecond = 10,
        FullRate = 20,
        Load = new Generating.LoadResult(),
        Seen = 0,
        Samples = [.. Enumerable.Range(0, 120).Select(second => new SoakSample
        {
            Seconds = second,
            MemoryBytes = 100_000_000,
            HeapBytes = 20_000_000,
            Handles = handles(second),
            Threads = 30,
            DiskBytes = 1_000_000,
            // It shrinks once.
            JournalBytes = second <= 50 ? 1000 : 500,
            AuditFile = "audit-00000001.jsonl",
            CompressedFiles = 0,
            PauseSeconds = 0,
            SenderPauseSeconds = 0,
            OthersSeconds = 0,
            StolenSeconds = 0,
        })],
        Slices = [.. Enumerable.Range(0, 120).Select(static second => new LatencySlice(second, 10, 1, 2, 3))],
    };
}
