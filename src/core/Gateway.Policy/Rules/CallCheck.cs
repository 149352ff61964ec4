using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>One test of a call's arguments.</summary>
internal abstract class CallCheck(string pointer, bool isShadow)
{
    /// <summary>What an explanation calls it.</summary>
    public virtual string StepName => "condition";

    /// <summary>Where it stands in the document.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>A denial is only recorded.</summary>
    public bool IsShadow { get; } = isShadow;

    /// <summary>
    /// The denial, or null where the arguments pass. It denies where the budget does not reach to tell.
    /// </summary>
    public abstract PolicyDecision? Deny(JsonNode arguments, WorkBudget work);
}
