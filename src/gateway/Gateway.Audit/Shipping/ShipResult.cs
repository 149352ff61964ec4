namespace Gateway.Audit.Shipping;

/// <summary>The result of sending a batch.</summary>
/// <param name="Problem">Reason why the batch was not accepted, so that it is retried; null if it was accepted.</param>
/// <param name="Rejected">Number of records of an accepted batch that the sink permanently rejected.</param>
public readonly record struct ShipResult(string? Problem, int Rejected = 0)
{
    /// <summary>The sink accepted all records.</summary>
    public static ShipResult Taken => default;
}
