namespace Gateway.Policy.Decisions;

/// <summary>The outcome of a decision on a call, before its limits are checked.</summary>
public enum DecisionOutcome
{
    /// <summary>The call may go on once every cost has been taken.</summary>
    Allow,

    /// <summary>The call is refused.</summary>
    Deny,

    /// <summary>A person has to approve exactly this call; its costs are taken after that.</summary>
    Ask,
}
