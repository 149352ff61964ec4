namespace Gateway.LoadTests.Drawing;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Seconds and values, in the order of time.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<(double Seconds, double Value)> Points);
