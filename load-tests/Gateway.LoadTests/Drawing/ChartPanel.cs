namespace Gateway.LoadTests.Drawing;

/// <summary>One chart over time.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">Of its values; it stands beside their axis.</param>
/// <param name="Lines">What is drawn; three at most can be told apart.</param>
/// <param name="IsLogarithmic">Whether each step of the axis is ten times the one before.</param>
internal sealed record ChartPanel(
    string Title, string Unit, IReadOnlyList<ChartLine> Lines, bool IsLogarithmic = false);
