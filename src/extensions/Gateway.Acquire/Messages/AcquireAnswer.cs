namespace Gateway.Acquire.Messages;

/// <summary>Whether the call may go on.</summary>
internal sealed record AcquireAnswer
{
    public required string Id { get; init; }

    /// <summary>True: every cost is charged. False: none is.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Whether this id was charged before, and nothing more was now.</summary>
    public bool Repeated { get; init; }

    /// <summary>Each budget as it stands now, in the order of the request.</summary>
    public required IReadOnlyList<CostAnswer> Costs { get; init; }

    /// <summary>The place in <see cref="Costs"/> of the one that refuses.</summary>
    public int? RefusedBy { get; init; }

    /// <summary>Why it may not go on.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds to wait; absent where no wait would help.</summary>
    public decimal? RetryAfter { get; init; }
}
