using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Soak;

/// <summary>One figure over the run, and whether it is flat.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">Of its values.</param>
/// <param name="Points">Seconds and values.</param>
/// <param name="Share">By what share of its median it may grow from the end of the first quarter on.</param>
/// <param name="Amount">Or by what amount, whatever the share.</param>
/// <param name="MustBeFlat">Whether the run has failed where it is not.</param>
internal sealed record SoakFigure(
    string Name, string Unit, IReadOnlyList<(double Seconds, double Value)> Points, double Share, double Amount,
    bool MustBeFlat)
{
    public Trend Trend { get; } = Trend.Of(Points);

    public bool IsFlat => Trend.IsFlat(Share, Amount);

    /// <summary>What it may grow by, for people.</summary>
    public string Tolerance => FormattableString.Invariant($"{Share:P0} or {Amount:0.#} {Unit}").TrimEnd();
}
