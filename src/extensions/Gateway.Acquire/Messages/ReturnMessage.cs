namespace Gateway.Acquire.Messages;

/// <summary>What a service gives back of a call that was charged.</summary>
internal sealed record ReturnMessage
{
    public required string Id { get; init; }

    /// <summary>How much of each budget; absent: all of it.</summary>
    public IReadOnlyList<CostMessage>? Costs { get; init; }
}
