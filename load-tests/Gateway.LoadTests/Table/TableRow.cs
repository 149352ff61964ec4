using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>One goal of the table.</summary>
/// <param name="Key">Names it on the command line and in the file of reasons.</param>
/// <param name="What">What is measured, for users.</param>
/// <param name="Bound">The goal.</param>
/// <param name="Unit">Of goal and figure.</param>
/// <param name="Format">How its figures are written.</param>
internal sealed record TableRow(string Key, string What, double Bound, string Unit, string Format = "0.0")
{
    /// <summary>The goal is a least, not a most.</summary>
    public bool IsLeast { get; init; }

    /// <summary>Every round has to meet the goal, not their median.</summary>
    public bool UsesWorst { get; init; }

    public bool IsMet(Series series) => IsLeast
        ? (UsesWorst ? series.Least : series.Median) >= Bound
        : (UsesWorst ? series.Most : series.Median) <= Bound;
}
