namespace Gateway.Acquire.Messages;

/// <summary>The response to a request to charge.</summary>
internal sealed record AcquireAnswer
{
    public required string Id { get; init; }

    /// <summary>True if every cost is charged, false if none is.</summary>
    public required bool Allowed { get; init; }

    /// <summary>True if this id was charged before and nothing more was charged now.</summary>
    public bool Repeated { get; init; }

    /// <summary>The current state of each budget, in the order of the request.</summary>
    public required IReadOnlyList<CostAnswer> Costs { get; init; }

    /// <summary>The index in <see cref="Costs"/> of the budget that refuses.</summary>
    public int? RefusedBy { get; init; }

    /// <summary>Reason for a refusal.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds to wait; absent if waiting does not help.</summary>
    public decimal? RetryAfter { get; init; }
}

/// <summary>The state of a budget after the decision.</summary>
internal sealed record CostAnswer
{
    public required string Budget { get; init; }

    public string? Key { get; init; }

    public required decimal Cost { get; init; }

    public required decimal Max { get; init; }

    /// <summary>The amount that the window still admits.</summary>
    public required decimal Remaining { get; init; }

    /// <summary>Time at which the window ends; absent if unknown.</summary>
    public DateTimeOffset? Reset { get; init; }
}
