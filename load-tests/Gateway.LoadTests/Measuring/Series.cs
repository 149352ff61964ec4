namespace Gateway.LoadTests.Measuring;

/// <summary>One figure, measured in every round.</summary>
/// <param name="Name">What it is of, where there are several; else empty.</param>
/// <param name="Values">The rounds, in their order.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values)
{
    public double Median => Middle(Values);

    public double Least => Values.Min();

    public double Most => Values.Max();

    /// <summary>Two figures of the same rounds, one by the other.</summary>
    public static Series Ratio(string name, IEnumerable<double> one, IEnumerable<double> other) =>
        new(name, [.. one.Zip(other, static (above, below) => above / below)]);

    /// <summary>Two figures of the same rounds, one less the other.</summary>
    public static Series Above(string name, IEnumerable<double> one, IEnumerable<double> other) =>
        new(name, [.. one.Zip(other, static (more, less) => more - less)]);

    /// <summary>The middle one, or the mean of the two.</summary>
    public static double Middle(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
