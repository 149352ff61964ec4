namespace Gateway.Audit.Shipping;

/// <summary>What became of a batch.</summary>
/// <param name="Problem">Why it was not taken, so that it is tried again; null where it was.</param>
/// <param name="Rejected">Records of a batch that was taken which the sink said that it will never take.</param>
public readonly record struct ShipResult(string? Problem, int Rejected = 0)
{
    /// <summary>All of it was taken.</summary>
    public static ShipResult Taken => default;
}
