using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Soak;

/// <summary>One figure over the run, with the growth that it may have.</summary>
/// <param name="Name">The name.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Points">Seconds and values.</param>
/// <param name="Share">The allowed growth from the end of the first quarter on, as a share of its median.</param>
/// <param name="Amount">The allowed growth as an amount, regardless of the share.</param>
/// <param name="MustBeFlat">True if the run fails when the figure is not flat.</param>
internal sealed record SoakFigure(
    string Name, string Unit, IReadOnlyList<(double Seconds, double Value)> Points, double Share, double Amount,
    bool MustBeFlat)
{
    public Trend Trend { get; } = Trend.Of(Points);

    public bool IsFlat => Trend.IsFlat(Share, Amount);

    /// <summary>The allowed growth as text.</summary>
    public string Tolerance => FormattableString.Invariant($"{Share:P0} or {Amount:0.#} {Unit}").TrimEnd();
}
