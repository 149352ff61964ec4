using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>A compiled condition.</summary>
internal abstract class Condition
{
    /// <summary>What the agent is told, where the author wrote it.</summary>
    public string? Reason { get; init; }

    /// <summary>What it reads.</summary>
    public abstract IEnumerable<ArgumentPath> Paths { get; }

    /// <summary>Those of <see cref="Paths"/> whose numbers are compared.</summary>
    public virtual IEnumerable<ArgumentPath> NumbersRead => [];

    /// <summary>The lists that it compares with.</summary>
    public virtual IEnumerable<ListUse> Lists => [];

    /// <summary>Whether the instant of the decision matters.</summary>
    public virtual bool ReadsTime => false;

    /// <summary>Incomparable, whatever else is known, where the budget does not reach.</summary>
    public abstract TriState Evaluate(in JudgedCall call, Quantifier quantifier);

    /// <summary>The condition in words, for an agent: it says nothing about the call's own values.</summary>
    public abstract string Describe();
}
