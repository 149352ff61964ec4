namespace Gateway.Acquire.Messages;

/// <summary>A service's request to return the charge of a call.</summary>
internal sealed record ReturnMessage
{
    public required string Id { get; init; }

    /// <summary>The amount for each budget; absent to return everything.</summary>
    public IReadOnlyList<CostMessage>? Costs { get; init; }
}
