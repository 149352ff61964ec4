namespace Gateway.Limits.Model;

/// <summary>The outcome of the check before the first byte.</summary>
public enum SpendOutcome
{
    /// <summary>The call may be sent now, once.</summary>
    Spent,

    /// <summary>
    /// A window starts within 2 × <see cref="ClockBounds.EpsilonMs"/>. Wait that long, then try again.
    /// </summary>
    Wait,

    /// <summary>
    /// A window has ended, or does not match this node's clock. Discard the permit, and acquire a new one under a new
    /// call id.
    /// </summary>
    Expired,

    /// <summary>The permit was already spent or given back, so it pays for nothing.</summary>
    AlreadySpent,
}
