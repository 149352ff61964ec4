using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>
/// A comparison of the value at a path with a value of the policy. An absent value compares as
/// <see cref="EvaluationContext.Missing"/>.
/// </summary>
internal sealed class ComparedCondition(ArgumentPath path, Comparison comparison) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => path.IsOfCaller ? [] : [path];

    // Only the gateway reads a token, so no other reader can take a number of it for another one.
    public override IEnumerable<ArgumentPath> NumbersRead => comparison.ReadsNumbers ? Paths : [];

    public override IEnumerable<ArgumentPath> CallerPaths => path.IsOfCaller ? [path] : [];

    public override IEnumerable<ListUse> Lists => comparison.List is { } list ? [list] : [];

    public override TriState Evaluate(in EvaluationContext call, Quantifier quantifier)
    {
        var work = call.Work;
        if (!work.Spend(1))
            return TriState.Incomparable;
        if (!path.HasEvery)
            return path.Find(call.RootOf(path)) is { } only ? Compare(only, call) : call.Missing;
        var isEvery = quantifier == Quantifier.Every;
        var triState = TriStateTable.Of(isEvery);
        foreach (var value in PathValues.Of(path, call.RootOf(path), work, out var isElsewhere))
        {
            // "[*]" on a value that is not an array: it has no elements to compare, so the result is unknown.
            if (isElsewhere)
                return TriState.Incomparable;
            var next = value is null ? call.Missing : Compare(value, call);
            triState = isEvery ? TriStateTable.And(triState, next) : TriStateTable.Or(triState, next);
            if (work.IsExhausted)
                break;
        }

        return work.IsExhausted ? TriState.Incomparable : triState;
    }

    private TriState Compare(JsonNode value, in EvaluationContext call)
    {
        var triState = comparison.Compare(value, call);
        return call.Work.IsExhausted ? TriState.Incomparable : triState;
    }

    public override string Describe() => $"{path} {comparison.Describe()}";
}
