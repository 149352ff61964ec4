namespace Gateway.Limits.Model;

/// <summary>What the check before the first byte says.</summary>
public enum SpendOutcome
{
    /// <summary>The call may be sent, now, once.</summary>
    Spent,

    /// <summary>
    /// A window starts within 2 × <see cref="ClockBounds.EpsilonMs"/>: wait that long, then ask again.
    /// </summary>
    Wait,

    /// <summary>A window has ended, or is not this node's: discard, take a new permit under a new call id.</summary>
    Expired,

    /// <summary>The permit was already spent or given back; it pays for nothing.</summary>
    AlreadySpent,
}
