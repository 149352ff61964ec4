using System.Security;

namespace Gateway.LoadTests.Drawing;

/// <summary>
/// Charts below one another as one SVG: without scripts, fonts or external files, and with colors for light and dark
/// pages. Lines also differ by their dashes, so that the charts can be read without color.
/// </summary>
internal static class ChartPage
{
    private const int Width = 960;
    private const int PanelHeight = 210;
    private const int HeadHeight = 56;
    private const int Left = 90;
    private const int Right = 24;
    private const int Top = 44;
    private const int Bottom = 40;
    private const int PointsMax = 900;
    private const int SecondsPerMinute = 60;

    private const string Style = """
        svg { --page: #ffffff; --ink: #1f2328; --faint: #d0d7de; --a: #0550ae; --b: #bc4c00; --c: #1a7f37;
          background: var(--page); font: 13px system-ui, sans-serif; }
        @media (prefers-color-scheme: dark) {
          svg { --page: #0d1117; --ink: #e6edf3; --faint: #3d444d; --a: #79c0ff; --b: #ffa657; --c: #7ee787; } }
        .page { fill: var(--page); } text { fill: var(--ink); } .title { font-size: 17px; font-weight: 600; }
        .name { font-weight: 600; } .grid { stroke: var(--faint); stroke-width: 1; }
        .line { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
        .a { stroke: var(--a); } .b { stroke: var(--b); stroke-dasharray: 6 3; }
        .c { stroke: var(--c); stroke-dasharray: 2 2; }
        """;

    /// <summary>Returns the whole file.</summary>
    /// <param name="title">The title of the page.</param>
    /// <param name="subtitle">One line below it: the origin of the data.</param>
    /// <param name="panels">The charts.</param>
    public static string Of(string title, string subtitle, IReadOnlyList<ChartPanel> panels)
    {
        var height = HeadHeight + (panels.Count * PanelHeight);
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" "));
        svg.Append("role=\"img\" aria-labelledby=\"title about\">\n");
        svg.Append($"<title id=\"title\">{Escape(title)}</title>\n<desc id=\"about\">{Escape(subtitle)}</desc>\n");
        svg.Append($"<style>\n{Style}\n</style>\n");
        svg.Append(Invariant($"<rect class=\"page\" width=\"{Width}\" height=\"{height}\"/>\n"));
        svg.Append(Text(Left, 24, "title", "start", title)).Append(Text(Left, 44, "", "start", subtitle));
        // All charts share one time axis, so that values below one another happened at the same time.
        var minutes = AxisScale.Exact(panels.SelectMany(static panel => panel.Lines)
            .SelectMany(static line => line.Points)
            .Select(static point => point.Seconds).DefaultIfEmpty(0).Max() / SecondsPerMinute);
        for (var i = 0; i < panels.Count; i++)
            Draw(svg, panels[i], minutes, HeadHeight + (i * PanelHeight));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, ChartPanel panel, AxisScale minutes, int top)
    {
        var points = panel.Lines.SelectMany(static line => line.Points).ToList();
        var largest = points.Select(static point => point.Value).DefaultIfEmpty(0).Max();
        var smallest = points.Where(static point => point.Value > 0)
            .Select(static point => point.Value).DefaultIfEmpty(1).Min();
        var values = panel.IsLogarithmic ? AxisScale.Logarithmic(smallest, largest) : AxisScale.Linear(largest);

        svg.Append(Text(Left, top + 18, "name", "start", panel.Title));
        svg.Append(Text(Left, top + 35, "", "start", panel.Unit));
        foreach (var tick in values.Ticks)
        {
            var y = Y(values, tick, top);
            svg.Append(Stroke("grid", Left, Width - Right, y));
            svg.Append(Text(Left - 8, y + 4, "", "end", Label(tick)));
        }

        var foot = top + PanelHeight - Bottom;
        foreach (var tick in minutes.Ticks)
            svg.Append(Text(X(minutes, tick * SecondsPerMinute), foot + 16, "", "middle", Label(tick)));
        svg.Append(Text(Width - Right, foot + 32, "", "end", "minutes"));
        for (var i = 0; i < panel.Lines.Count; i++)
        {
            var colour = "abc"[i % 3];
            var path = string.Join(' ', Thin(panel.Lines[i].Points).Select(
                point => Invariant($"{X(minutes, point.Seconds):0.0},{Y(values, point.Value, top):0.0}")));
            svg.Append($"<polyline class=\"line {colour}\" points=\"{path}\"/>\n");
            var legend = Width - Right - ((panel.Lines.Count - i) * 160);
            svg.Append(Stroke($"line {colour}", legend, legend + 28, top + 14));
            svg.Append(Text(legend + 34, top + 18, "", "start", panel.Lines[i].Name));
        }
    }

    // Keeps the largest of neighboring values, so that no peak is lost if there are more points than pixels.
    private static IEnumerable<(double Seconds, double Value)> Thin(
        IReadOnlyList<(double Seconds, double Value)> points) =>
        points.Chunk(Math.Max(1, (points.Count + PointsMax - 1) / PointsMax))
            .Select(static some => some.MaxBy(static point => point.Value));

    private static double X(AxisScale minutes, double seconds) =>
        Left + (minutes.Share(seconds / SecondsPerMinute) * (Width - Left - Right));

    private static double Y(AxisScale values, double value, int top) =>
        top + Top + ((1 - values.Share(value)) * (PanelHeight - Top - Bottom));

    private static string Text(double x, double y, string style, string anchor, string text) => Invariant(
        $"<text x=\"{x:0.0}\" y=\"{y:0.0}\" class=\"{style}\" text-anchor=\"{anchor}\">{Escape(text)}</text>\n");

    private static string Stroke(string style, double from, double to, double y) =>
        Invariant($"<line class=\"{style}\" x1=\"{from}\" y1=\"{y:0.0}\" x2=\"{to}\" y2=\"{y:0.0}\"/>\n");

    private static string Label(double tick) => tick.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
