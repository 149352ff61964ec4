namespace Gateway.Audit.Records;

/// <summary>The kind of refusal that an agent receives.</summary>
public enum RefusalCategory
{
    /// <summary>A rule of the policy refused the call.</summary>
    Denied,
    /// <summary>A counter had no room.</summary>
    RateLimited,
    /// <summary>A person has to approve it first.</summary>
    ApprovalRequired,

    /// <summary>No rule refused the call: a part of the gateway is not available.</summary>
    Unavailable,
}
