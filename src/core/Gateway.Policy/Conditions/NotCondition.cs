using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>The negation of a condition. Inside it, <c>[*]</c> takes the opposite quantifier.</summary>
internal sealed class NotCondition(Condition inner) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => inner.Paths;

    public override IEnumerable<ArgumentPath> NumbersRead => inner.NumbersRead;

    public override IEnumerable<ArgumentPath> CallerPaths => inner.CallerPaths;

    public override IEnumerable<ListUse> Lists => inner.Lists;

    public override bool ReadsTime => inner.ReadsTime;

    public override TriState Evaluate(in EvaluationContext call, Quantifier quantifier) => TriStateTable.Not(
        inner.Evaluate(call, quantifier == Quantifier.Every ? Quantifier.Any : Quantifier.Every));

    public override string Describe() => $"not ({inner.Describe()})";
}
