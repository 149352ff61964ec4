namespace Gateway.Faults.FailPoints;

/// <summary>A fault that a gateway causes itself, and the number of passes until it occurs.</summary>
/// <param name="Point">One of <see cref="Points"/>.</param>
/// <param name="Times">1 for the first pass; ignored if the fault is permanent.</param>
internal sealed record Order(string Point, int Times = 1)
{
    /// <summary>The first argument of a process that has an order; the point and the count follow it.</summary>
    public const string Verb = "gateway-with-fail-point";

    /// <summary>The arguments before those of <c>gateway run</c>.</summary>
    public IReadOnlyList<string> Arguments => [Verb, Point, Times.ToString(CultureInfo.InvariantCulture)];
}
