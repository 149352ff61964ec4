namespace Gateway.Audit.Records;

/// <summary>What kind of refusal an agent is told of.</summary>
public enum RefusalCategory
{
    /// <summary>A rule of the policy refused it.</summary>
    Denied,
    /// <summary>A counter had no room.</summary>
    RateLimited,
    /// <summary>A person has to approve it first.</summary>
    ApprovalRequired,

    /// <summary>No rule refused it: the gateway has trouble of its own.</summary>
    Unavailable,
}
