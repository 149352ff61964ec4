namespace Gateway.LoadTests.Drawing;

/// <summary>The positions of values on an axis, and the values of its labels.</summary>
internal sealed record AxisScale
{
    private const int StepsMax = 5;

    private AxisScale(double least, double most, IReadOnlyList<double> ticks, bool isLogarithmic) =>
        (Least, Most, Ticks, IsLogarithmic) = (least, most, ticks, isLogarithmic);

    public double Least { get; }

    public double Most { get; }

    public IReadOnlyList<double> Ticks { get; }

    public bool IsLogarithmic { get; }

    /// <summary>
    /// Returns a scale from 0 to a round number at or above the largest value; a step is 1, 2 or 5 times a power of
    /// ten.
    /// </summary>
    public static AxisScale Linear(double largest)
    {
        var step = RoundStep(Math.Max(largest, double.Epsilon) / StepsMax);
        if (largest <= 0)
            step = 1;
        var steps = Math.Max(1, (int)Math.Ceiling(Math.Round(largest / step, 6)));
        return new AxisScale(
            0, steps * step, [.. Enumerable.Range(0, steps + 1).Select(tick => tick * step)], isLogarithmic: false);
    }

    /// <summary>Returns a scale from 0 to the largest value itself, with the same steps.</summary>
    public static AxisScale Exact(double largest)
    {
        var round = Linear(largest);
        return largest <= 0 ? round
            : new AxisScale(0, largest, [.. round.Ticks.Where(tick => tick <= largest)], isLogarithmic: false);
    }

    /// <summary>
    /// Returns a scale from one power of ten to another that covers all values; values of 0 or less are at the lower
    /// end.
    /// </summary>
    public static AxisScale Logarithmic(double smallest, double largest)
    {
        var first = smallest > 0 ? (int)Math.Floor(Math.Round(Math.Log10(smallest), 9)) : 0;
        var last = largest > 0 ? (int)Math.Ceiling(Math.Round(Math.Log10(largest), 9)) : 1;
        last = Math.Max(last, first + 1);
        return new AxisScale(
            Math.Pow(10, first), Math.Pow(10, last),
            [.. Enumerable.Range(first, last - first + 1).Select(static power => Math.Pow(10, power))],
            isLogarithmic: true);
    }

    /// <summary>Returns the position of a value, from 0 at the lower end to 1 at the upper one.</summary>
    public double Share(double value)
    {
        var at = IsLogarithmic
            ? Math.Log10(Math.Max(value, Least) / Least) / Math.Log10(Most / Least)
            : (value - Least) / (Most - Least);
        return Math.Clamp(at, 0, 1);
    }

    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
