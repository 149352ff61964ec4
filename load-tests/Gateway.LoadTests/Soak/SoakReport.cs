using Gateway.LoadTests.Drawing;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Soak;

/// <summary>The results of a soak.</summary>
internal sealed record SoakReport
{
    private const int SlowSlicesShown = 40;

    public required double RatePerSecond { get; init; }

    /// <summary>The full rate that was measured first; null if the rate was given.</summary>
    public required double? FullRate { get; init; }

    public required LoadResult Load { get; init; }

    /// <summary>The calls that reached the server while the load was sent.</summary>
    public required long Seen { get; init; }

    public required IReadOnlyList<SoakSample> Samples { get; init; }

    public required IReadOnlyList<LatencySlice> Slices { get; init; }

    public IReadOnlyList<SoakFigure> Figures => field ??= SoakFigures.Of(Samples, Slices);

    /// <summary>The reasons why the run fails; empty if there are none.</summary>
    public IReadOnlyList<string> Problems => [.. FindProblems()];

    public string Text()
    {
        var text = new StringBuilder();
        Line(text, $"soak: {Head}");
        Line(text, $"  calls      {Load.Calls} answered, {Load[CallOutcome.Admitted]} admitted, {Load.Errors} failed; "
            + $"{Seen} at the server");
        Line(text, "");
        Line(text, $"  {"figure",-18}{"median",10}{"least",10}{"most",10}{"growth",10}{"an hour",10}"
            + $"  flat (may grow by)");
        foreach (var figure in Figures.Where(static figure => figure.Points.Count > 0))
        {
            var values = figure.Points.Select(static point => point.Value).ToList();
            Line(text, $"  {figure.Name + " " + figure.Unit,-18}{figure.Trend.Median,10:0.0}{values.Min(),10:0.0}"
                + $"{values.Max(),10:0.0}{figure.Trend.Growth,10:+0.0;-0.0;0.0}{figure.Trend.PerHour,10:+0.0;-0.0;0.0}"
                + $"  {(figure.IsFlat ? "yes" : "NO")} ({figure.Tolerance})");
        }

        Line(text, "  median and growth are of the last three quarters; growth is by the median slope");
        Line(text, "");
        Slow(text);
        foreach (var problem in Problems)
            Line(text, $"  PROBLEM    {problem}");
        return text.ToString();
    }

    /// <summary>Returns a drawing of all figures.</summary>
    public string Svg()
    {
        ChartLine Of(string name) => new(name, Figures.Single(figure => figure.Name == name).Points);
        return ChartPage.Of("Policy Gateway under steady load", Head,
        [
            new ChartPanel("Memory", "MiB", [Of("memory"), Of("managed heap")]),
            new ChartPanel("Open handles and threads", "count", [Of("open handles"), Of("threads")]),
            new ChartPanel("Disk: the whole data directory", "MiB", [Of("disk")]),
            new ChartPanel(
                "Latency of the calls due in each second", "ms, logarithmic", [Of("p50"), Of("p99"), Of("slowest")],
                IsLogarithmic: true),
        ]);
    }

    private string Head => string.Create(CultureInfo.InvariantCulture,
        $"{Load.Elapsed.TotalMinutes:0.0} minutes at {RatePerSecond:0} calls/s, open loop, ")
        + (FullRate is { } full
            ? string.Create(CultureInfo.InvariantCulture, $"{RatePerSecond / full:P0} of {full:0}/s found before")
            : "a rate that was given");

    private IEnumerable<string> FindProblems()
    {
        foreach (var figure in Figures.Where(static figure => figure.MustBeFlat && !figure.IsFlat))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{figure.Name} grew by {figure.Trend.Growth:0.0} {figure.Unit}").TrimEnd()
                + " over the last three quarters";
        }

        if (Load.Errors > 0)
            yield return $"{Load.Errors} calls failed";
        if (Load[CallOutcome.Admitted] != Seen)
            yield return $"{Load[CallOutcome.Admitted]} calls were admitted and the server saw {Seen}";
    }

    private void Slow(StringBuilder text)
    {
        var slow = SlowSlices.Of(Slices, Samples);
        var median = SlowSlices.MedianP99(Slices);
        var which = slow.Count == 0 ? "no slice" : $"{slow.Count} of {Slices.Count} slices";
        Line(text, $"  {which} of 1 s over {SlowSlices.TimesMax:0} x the median slice "
            + $"(p99 {median:0.0} ms, {Slices.Count} slices)");
        foreach (var (slice, cause) in slow.Take(SlowSlicesShown))
            Line(text, $"    second {slice.Second,5}: p99 {slice.P99,7:0.0} ms, slowest {slice.Max,7:0.0} ms: {cause}");
        if (slow.Count > SlowSlicesShown)
            Line(text, $"    and {slow.Count - SlowSlicesShown} more");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd()).Append('\n');
}
