namespace Gateway.Policy.Decisions;

/// <summary>What is to be done with a call, before its limits are looked at.</summary>
public enum DecisionOutcome
{
    /// <summary>It may go on once every cost has been taken.</summary>
    Allow,

    /// <summary>It is refused.</summary>
    Deny,

    /// <summary>A person has to approve this very call; its costs are taken after that.</summary>
    Ask,
}
