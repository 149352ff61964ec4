namespace Gateway.Proxy.Pipeline;

/// <summary>The stages of a call in their order; 1 to 4 (endpoint, who calls, reading, route) make it.</summary>
internal enum StageNumber
{
    /// <summary>What the policy says.</summary>
    Policy = 5,

    /// <summary>Whether it is the free retry of a call that was counted.</summary>
    RetryToken,

    /// <summary>A person's approval, where the policy wants one.</summary>
    Approval,

    /// <summary>The numbers of every limit, or none.</summary>
    Limit,

    /// <summary>The decision on record.</summary>
    Audit,

    /// <summary>The permit spent, and the call sent.</summary>
    Forward,

    /// <summary>The answer passed on.</summary>
    Relay,

    /// <summary>What it cost, settled, and the outcome on record.</summary>
    Finish,
}
