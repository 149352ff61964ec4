namespace Gateway.Acquire.Messages;

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
