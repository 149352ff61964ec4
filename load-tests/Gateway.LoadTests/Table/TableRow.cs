using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>One goal of the table.</summary>
/// <param name="Key">The name on the command line and in the file of reasons.</param>
/// <param name="What">The measured quantity, for users.</param>
/// <param name="Bound">The goal.</param>
/// <param name="Unit">The unit of goal and figure.</param>
/// <param name="Format">The format of its figures.</param>
internal sealed record TableRow(string Key, string What, double Bound, string Unit, string Format = "0.0")
{
    /// <summary>True if the goal is a minimum, not a maximum.</summary>
    public bool IsLeast { get; init; }

    /// <summary>True if every round must meet the goal, not only their median.</summary>
    public bool UsesWorst { get; init; }

    public bool IsMet(Series series) => IsLeast
        ? (UsesWorst ? series.Least : series.Median) >= Bound
        : (UsesWorst ? series.Most : series.Median) <= Bound;
}
