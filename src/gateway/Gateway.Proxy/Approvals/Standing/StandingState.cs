namespace Gateway.Proxy.Approvals.Standing;

/// <summary>The state of a standing approval.</summary>
public enum StandingState
{
    /// <summary>Matching calls may proceed.</summary>
    Active,

    /// <summary>All approved calls have been used.</summary>
    Used,

    /// <summary>Its period is over.</summary>
    Expired,

    /// <summary>A person revoked it.</summary>
    Revoked,

    /// <summary>Its maker's role, its grant or its rule has changed.</summary>
    Ended,
}
