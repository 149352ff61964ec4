namespace Gateway.Acquire.Messages;

/// <summary>What has come back of a call, now or when it was asked before.</summary>
internal sealed record ReturnAnswer
{
    public required string Id { get; init; }

    public required IReadOnlyList<ReturnedCost> Returned { get; init; }

    /// <summary>Why nothing, or not all, has come back.</summary>
    public string? Reason { get; init; }
}
