namespace Gateway.Proxy.Approvals.Standing;

/// <summary>What an approver gives beside one approval: leave for further calls like it.</summary>
public sealed record StandingTerms
{
    /// <summary>How many calls.</summary>
    public required int Uses { get; init; }

    /// <summary>For how long, in milliseconds.</summary>
    public required long ForMs { get; init; }

    /// <summary>
    /// The conditions that their arguments meet, a JSON array as in a policy's <c>require</c>; null for the very same
    /// arguments, and as read from the store, which has them sealed.
    /// </summary>
    public string? Where { get; init; }

    /// <summary>The same, encrypted: conditions hold values of arguments.</summary>
    public string? SealedWhere { get; init; }
}
