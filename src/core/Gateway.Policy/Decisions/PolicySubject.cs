namespace Gateway.Policy.Decisions;

/// <summary>The subject of a message, which selects the part of a policy that decides.</summary>
public enum PolicySubject
{
    /// <summary>A subject unknown to policies: the default decides.</summary>
    Other,

    /// <summary>A call of the named tool.</summary>
    Tool,

    /// <summary>The named prompt.</summary>
    Prompt,

    /// <summary>The resource with this URI.</summary>
    Resource,

    /// <summary>The resources that this URI template can produce.</summary>
    Template,

    /// <summary>A task.</summary>
    Task,

    /// <summary>A list, which is allowed even without a policy: each of its entries is evaluated separately.</summary>
    List,

    /// <summary>A message that opens or checks a connection: allowed even without a policy.</summary>
    Opening,

    /// <summary>A message that the protocol requires: allowed by every policy.</summary>
    Allowed,

    /// <summary>A method that is never served, since it would reveal other grants' data.</summary>
    NotServed,
}
