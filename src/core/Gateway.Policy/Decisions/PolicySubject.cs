namespace Gateway.Policy.Decisions;

/// <summary>What a message is about, and so which part of a policy decides on it.</summary>
public enum PolicySubject
{
    /// <summary>Nothing that a policy knows: its default decides.</summary>
    Other,

    /// <summary>A call of the tool that is named.</summary>
    Tool,

    /// <summary>The prompt that is named.</summary>
    Prompt,

    /// <summary>The resource of this URI.</summary>
    Resource,

    /// <summary>The resources that this URI template becomes.</summary>
    Template,

    /// <summary>A task.</summary>
    Task,

    /// <summary>A list, which is allowed even without a policy: each of its entries is judged apart.</summary>
    List,

    /// <summary>What opens or checks a connection: allowed even without a policy.</summary>
    Opening,

    /// <summary>What the protocol needs: allowed by every policy.</summary>
    Allowed,

    /// <summary>What is served to nobody, since it would tell one grant of another.</summary>
    NotServed,
}
