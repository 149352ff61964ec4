namespace Gateway.Acquire.Messages;

/// <summary>The amounts of a call that have been returned, by this request or earlier ones.</summary>
internal sealed record ReturnAnswer
{
    public required string Id { get; init; }

    public required IReadOnlyList<ReturnedCost> Returned { get; init; }

    /// <summary>Reason why nothing, or not everything, was returned.</summary>
    public string? Reason { get; init; }
}

/// <summary>The amount returned to one budget.</summary>
internal sealed record ReturnedCost(string Budget, string? Key, decimal Cost);
