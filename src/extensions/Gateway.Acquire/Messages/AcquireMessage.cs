namespace Gateway.Acquire.Messages;

/// <summary>A service's request to charge all costs or none.</summary>
internal sealed record AcquireMessage
{
    /// <summary>Id of the call, chosen by the service; the same id is charged once.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<CostMessage> Costs { get; init; }

    /// <summary>True to get the decision without charging anything.</summary>
    public bool DryRun { get; init; }
}
