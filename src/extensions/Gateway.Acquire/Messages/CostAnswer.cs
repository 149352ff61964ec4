namespace Gateway.Acquire.Messages;

/// <summary>A budget as it stands after the decision.</summary>
internal sealed record CostAnswer
{
    public required string Budget { get; init; }

    public string? Key { get; init; }

    public required decimal Cost { get; init; }

    public required decimal Max { get; init; }

    /// <summary>What the window still admits.</summary>
    public required decimal Remaining { get; init; }

    /// <summary>When the window ends; absent where nothing says so.</summary>
    public DateTimeOffset? Reset { get; init; }
}
