namespace Gateway.Acquire.Messages;

/// <summary>What a service wants charged: all of it or none.</summary>
internal sealed record AcquireMessage
{
    /// <summary>The call's, chosen by the service; the same id is charged once.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<CostMessage> Costs { get; init; }

    /// <summary>Asks what would be said, and charges nothing.</summary>
    public bool DryRun { get; init; }
}
