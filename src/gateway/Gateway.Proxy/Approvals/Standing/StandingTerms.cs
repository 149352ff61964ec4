namespace Gateway.Proxy.Approvals.Standing;

/// <summary>The terms that an approver adds to one approval: a permission for further calls like it.</summary>
public sealed record StandingTerms
{
    /// <summary>The number of calls.</summary>
    public required int Uses { get; init; }

    /// <summary>The period in milliseconds.</summary>
    public required long ForMs { get; init; }

    /// <summary>
    /// The conditions on the arguments, a JSON array as in a policy's <c>require</c>. Null if the arguments must be
    /// exactly the same, and as read from the store, which keeps them sealed.
    /// </summary>
    public string? Where { get; init; }

    /// <summary>The conditions, encrypted because they contain values of arguments.</summary>
    public string? SealedWhere { get; init; }
}
