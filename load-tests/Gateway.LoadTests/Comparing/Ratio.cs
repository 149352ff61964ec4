using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Comparing;

/// <summary>A figure of this build of the same figure of another, both of one round.</summary>
/// <param name="Figure">Which.</param>
/// <param name="Median">The median over the rounds.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The most.</param>
internal sealed record Ratio(string Figure, double Median, double Least, double Most)
{
    public static Ratio Of(string figure, IReadOnlyList<double> after, IReadOnlyList<double> before)
    {
        var ratios = Series.Ratio(figure, after, before);
        return new Ratio(figure, ratios.Median, ratios.Least, ratios.Most);
    }
}
