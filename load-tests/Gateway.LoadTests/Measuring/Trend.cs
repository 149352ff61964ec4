namespace Gateway.LoadTests.Measuring;

/// <summary>
/// The growth of a figure, by the median of the slopes between its samples, which a few outliers, as right after a
/// garbage collection, do not affect. The first quarter is omitted, because a process is still warming up then.
/// </summary>
/// <param name="Median">The median of the evaluated samples.</param>
/// <param name="PerHour">The growth per hour; negative for a decrease.</param>
/// <param name="Growth">The growth from the first to the last of the evaluated samples, by the slope.</param>
internal sealed record Trend(double Median, double PerHour, double Growth)
{
    private const int PointsMax = 600;
    private const double SecondsPerHour = 3600;

    /// <param name="samples">Seconds and values, in the order of time.</param>
    public static Trend Of(IReadOnlyList<(double Seconds, double Value)> samples)
    {
        var steady = Thin([.. samples.Skip(samples.Count / 4)]);
        if (steady.Count < 2)
            return new Trend(steady.Count == 0 ? 0 : steady[0].Value, 0, 0);
        var slopes = new List<double>(steady.Count * (steady.Count - 1) / 2);
        for (var later = 1; later < steady.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                slopes.Add((steady[later].Value - steady[earlier].Value)
                    / (steady[later].Seconds - steady[earlier].Seconds));
            }
        }

        var slope = MiddleOf(slopes);
        return new Trend(
            MiddleOf([.. steady.Select(static sample => sample.Value)]),
            slope * SecondsPerHour,
            slope * (steady[^1].Seconds - steady[0].Seconds));
    }

    /// <summary>
    /// Returns true if it grew by no more than this share of its median, or by no more than an amount.
    /// </summary>
    public bool IsFlat(double share, double amount) => Growth <= Math.Max(share * Median, amount);

    // The number of slopes is the square of the number of points.
    private static List<(double Seconds, double Value)> Thin(List<(double Seconds, double Value)> samples)
    {
        var each = (samples.Count + PointsMax - 1) / PointsMax;
        return each <= 1 ? samples : [.. samples.Where((_, index) => index % each == 0)];
    }

    private static double MiddleOf(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
