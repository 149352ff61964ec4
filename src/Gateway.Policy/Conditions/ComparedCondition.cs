using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// A comparison of what a path names with a value of the policy. What is not there compares as false.
/// </summary>
internal sealed class ComparedCondition(ArgumentPath path, Comparison comparison) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => [path];

    public override Truth Evaluate(JsonNode arguments, Quantifier quantifier, WorkBudget work)
    {
        if (!work.Spend(1))
            return Truth.Incomparable;
        if (!path.HasEvery)
            return path.Find(arguments) is { } only ? Compare(only, work) : Truth.False;
        var isEvery = quantifier == Quantifier.Every;
        var truth = TruthTable.Of(isEvery);
        foreach (var value in PathValues.Of(path, arguments, work, out var isElsewhere))
        {
            // "[*]" of something that is no array: its elements are not known, so nothing can be said of them.
            if (isElsewhere)
                return Truth.Incomparable;
            var next = value is null ? Truth.False : Compare(value, work);
            truth = isEvery ? TruthTable.And(truth, next) : TruthTable.Or(truth, next);
            if (work.IsExhausted)
                break;
        }

        return work.IsExhausted ? Truth.Incomparable : truth;
    }

    private Truth Compare(JsonNode value, WorkBudget work)
    {
        var truth = comparison.Compare(value, work);
        return work.IsExhausted ? Truth.Incomparable : truth;
    }

    public override string Describe() => $"{path} {comparison.Describe()}";
}
