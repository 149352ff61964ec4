using System.Collections.Immutable;
using Gateway.Policy.Lists;
namespace Gateway.Policy.Conditions;

/// <summary>
/// <c>all</c> or <c>any</c> of several conditions. All of them are evaluated, so that an incomparable value never goes
/// unnoticed.
/// </summary>
internal sealed class CombinedCondition(ImmutableArray<Condition> parts, bool isAll) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => parts.SelectMany(static part => part.Paths);

    public override IEnumerable<ArgumentPath> NumbersRead => parts.SelectMany(static part => part.NumbersRead);

    public override IEnumerable<ArgumentPath> CallerPaths => parts.SelectMany(static part => part.CallerPaths);

    public override IEnumerable<ListUse> Lists => parts.SelectMany(static part => part.Lists);

    public override bool ReadsTime => parts.Any(static part => part.ReadsTime);

    public override TriState Evaluate(in EvaluationContext call, Quantifier quantifier)
    {
        var triState = TriStateTable.Of(isAll);
        foreach (var part in parts)
        {
            var next = part.Evaluate(call, quantifier);
            triState = isAll ? TriStateTable.And(triState, next) : TriStateTable.Or(triState, next);
        }

        return triState;
    }

    public override string Describe() =>
        parts.Length == 1
            ? parts[0].Describe()
            : $"{(isAll ? "all" : "any")} of ({string.Join("; ", parts.Select(static part => part.Describe()))})";
}
