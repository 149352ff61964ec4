using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>One test of a call's arguments.</summary>
internal abstract class CallCheck(string pointer, bool isShadow)
{
    /// <summary>What an explanation calls it.</summary>
    public virtual string StepName => "condition";

    /// <summary>What an explanation says where the call passes.</summary>
    public virtual string PassText => "holds for this call";

    /// <summary>Whether the instant of the decision matters.</summary>
    public virtual bool ReadsTime => false;

    /// <summary>Where it stands in the document.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>What it finds is only recorded.</summary>
    public bool IsShadow { get; } = isShadow;

    /// <summary>
    /// A denial, or that a person has to be asked; null where the call passes. It denies where the budget does not
    /// reach to tell.
    /// </summary>
    public abstract PolicyDecision? Judge(in JudgedCall call);
}
