using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>One test of a call's arguments.</summary>
internal abstract class CallCheck(string pointer, bool isShadow)
{
    /// <summary>The name of the step in explanations.</summary>
    public virtual string StepName => "condition";

    /// <summary>The text of the step in explanations if the call passes.</summary>
    public virtual string PassText => "holds for this call";

    /// <summary>True if the check depends on the instant of the decision.</summary>
    public virtual bool ReadsTime => false;

    /// <summary>The location of the check in the document.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>True if the result is only recorded.</summary>
    public bool IsShadow { get; } = isShadow;

    /// <summary>
    /// Evaluates a call. Returns a denial or a request for approval; null if the call passes. It denies if the budget
    /// does not suffice.
    /// </summary>
    public abstract PolicyDecision? Evaluate(in EvaluationContext call);
}
