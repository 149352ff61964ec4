namespace Gateway.Proxy.Approvals.Standing;

/// <summary>Where a standing approval stands.</summary>
public enum StandingState
{
    /// <summary>Calls like it go ahead.</summary>
    Active,

    /// <summary>As many calls went ahead as it is for.</summary>
    Used,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>A person took it back.</summary>
    Revoked,

    /// <summary>Its maker's role, its grant or its rule is not what it was.</summary>
    Ended,
}
