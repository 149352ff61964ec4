using System.Xml.Linq;
using Gateway.LoadTests.Drawing;

namespace Gateway.LoadTests.Tests;

public sealed class ChartPageTests
{
    [Theory]
    [InlineData(97, 5, 100)]
    [InlineData(100, 5, 100)]
    [InlineData(0.13, 3, 0.15)]
    [InlineData(0, 1, 1)]
    public void Ends_an_axis_at_a_round_number(double largest, int steps, double most)
    {
        var scale = AxisScale.Linear(largest);

        Assert.Equal(most, scale.Most, 9);
        Assert.Equal(steps + 1, scale.Ticks.Count);
        Assert.Equal(1, scale.Share(most), 9);
        Assert.Equal(0.5, scale.Share(most / 2), 9);
    }

    [Fact]
    public void Ends_the_axis_of_time_with_the_last_moment()
    {
        var scale = AxisScale.Exact(60.02);

        Assert.Equal([0, 20, 40, 60], scale.Ticks);
        Assert.Equal(1, scale.Share(60.02), 9);
        Assert.Equal([0, 1], AxisScale.Exact(0).Ticks);
    }

    [Fact]
    public void Gives_each_power_of_ten_the_same_room()
    {
        var scale = AxisScale.Logarithmic(0.3, 250);

        Assert.Equal([0.1, 1, 10, 100, 1000], scale.Ticks);
        Assert.Equal(0.5, scale.Share(10), 9);
        Assert.Equal(0, scale.Share(0));
    }

    [Fact]
    public void Is_well_formed_whatever_the_words()
    {
        var svg = XDocument.Parse(ChartPage.Of("a < b & \"c\"", "below", [Panel()]));

        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.Contains(svg.Descendants(), static one => one.Value == "a < b & \"c\"");
    }

    [Fact]
    public void Has_colours_for_a_dark_page_too() =>
        Assert.Contains("prefers-color-scheme: dark", ChartPage.Of("title", "below", [Panel()]));

    [Fact]
    public void Draws_what_never_moved_and_what_was_never_seen()
    {
        var none = new ChartPanel("none", "ms", [new ChartLine("x", [])], IsLogarithmic: true);
        var svg = ChartPage.Of("title", "below", [none, Panel()]);

        Assert.DoesNotContain("NaN", svg);
        Assert.Equal(2, XDocument.Parse(svg).Descendants().Count(static one => one.Name.LocalName == "polyline"));
    }

    [Fact]
    public void Keeps_the_one_peak_of_many_points()
    {
        var points = Enumerable.Range(0, 100_000).Select(static i => ((double)i, i == 77_777 ? 100.0 : 1.0)).ToList();
        var panel = new ChartPanel("one", "", [new ChartLine("x", points)]);
        var svg = XDocument.Parse(ChartPage.Of("title", "below", [panel]));

        var line = svg.Descendants().Single(static one => one.Name.LocalName == "polyline").Attribute("points")!.Value;
        Assert.InRange(line.Split(' ').Length, 2, 1000);
        // The upper end of the only panel.
        Assert.Contains(",100.0 ", line);
    }

    private static ChartPanel Panel() => new("panel", "MiB", [new ChartLine("flat", [(0, 5), (60, 5)])]);
}
