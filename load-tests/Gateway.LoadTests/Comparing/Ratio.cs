using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Comparing;

/// <summary>The ratio of a figure of this build to the same figure of another, both from one round.</summary>
/// <param name="Figure">The name of the figure.</param>
/// <param name="Median">The median over the rounds.</param>
/// <param name="Least">The smallest ratio.</param>
/// <param name="Most">The largest ratio.</param>
internal sealed record Ratio(string Figure, double Median, double Least, double Most)
{
    public static Ratio Of(string figure, IReadOnlyList<double> after, IReadOnlyList<double> before)
    {
        var ratios = Series.Ratio(figure, after, before);
        return new Ratio(figure, ratios.Median, ratios.Least, ratios.Most);
    }
}
