namespace Gateway.LoadTests.Drawing;

/// <summary>One chart over time.</summary>
/// <param name="Title">The title.</param>
/// <param name="Unit">The unit of its values, shown beside their axis.</param>
/// <param name="Lines">The lines; at most three are distinguishable.</param>
/// <param name="IsLogarithmic">True if each step of the axis is ten times the previous one.</param>
internal sealed record ChartPanel(
    string Title, string Unit, IReadOnlyList<ChartLine> Lines, bool IsLogarithmic = false);
