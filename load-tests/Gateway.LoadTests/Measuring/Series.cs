namespace Gateway.LoadTests.Measuring;

/// <summary>One figure, measured in every round.</summary>
/// <param name="Name">The name of the variant if there are several; otherwise empty.</param>
/// <param name="Values">The rounds, in their order.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values)
{
    public double Median => Middle(Values);

    public double Least => Values.Min();

    public double Most => Values.Max();

    /// <summary>Returns the ratios of two figures of the same rounds.</summary>
    public static Series Ratio(string name, IEnumerable<double> one, IEnumerable<double> other) =>
        new(name, [.. one.Zip(other, static (above, below) => above / below)]);

    /// <summary>Returns the differences of two figures of the same rounds.</summary>
    public static Series Above(string name, IEnumerable<double> one, IEnumerable<double> other) =>
        new(name, [.. one.Zip(other, static (more, less) => more - less)]);

    /// <summary>Returns the middle figure, or the mean of the middle two.</summary>
    public static double Middle(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
