namespace Gateway.Faults.FailPoints;

/// <summary>What a gateway is to do wrong of its own accord, and at which passing of that point.</summary>
/// <param name="Point">One of <see cref="Points"/>.</param>
/// <param name="Times">1 for the first time; of no meaning where it holds all the time.</param>
internal sealed record Order(string Point, int Times = 1)
{
    /// <summary>The first argument of a process that has an order; the point and the count follow it.</summary>
    public const string Verb = "gateway-with-fail-point";

    /// <summary>Before what <c>gateway run</c> is told.</summary>
    public IReadOnlyList<string> Arguments => [Verb, Point, Times.ToString(CultureInfo.InvariantCulture)];
}
