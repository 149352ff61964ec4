using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>A compiled condition.</summary>
internal abstract class Condition
{
    /// <summary>The reason shown to the agent, if the author wrote one.</summary>
    public string? Reason { get; init; }

    /// <summary>The paths into the arguments or the result that the condition reads.</summary>
    public abstract IEnumerable<ArgumentPath> Paths { get; }

    /// <summary>The paths into the caller that the condition reads.</summary>
    public virtual IEnumerable<ArgumentPath> CallerPaths => [];

    /// <summary>The subset of <see cref="Paths"/> whose numbers are compared.</summary>
    public virtual IEnumerable<ArgumentPath> NumbersRead => [];

    /// <summary>The lists that the condition compares with.</summary>
    public virtual IEnumerable<ListUse> Lists => [];

    /// <summary>True if the condition depends on the instant of the decision.</summary>
    public virtual bool ReadsTime => false;

    /// <summary>Evaluates the condition. Always incomparable if the budget does not suffice.</summary>
    public abstract TriState Evaluate(in EvaluationContext call, Quantifier quantifier);

    /// <summary>
    /// Returns the condition in words, for an agent. The text contains none of the call's own values.
    /// </summary>
    public abstract string Describe();
}
