namespace Gateway.LoadTests.Drawing;

/// <summary>One line of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Points">Seconds and values, in the order of time.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<(double Seconds, double Value)> Points);
