using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>exists</c>: whether the path is there. A null that is there exists.</summary>
internal sealed class ExistsCondition(ArgumentPath path, bool expected) : Condition
{
    public override IEnumerable<ArgumentPath> Paths => [path];

    public override TriState Evaluate(JsonNode arguments, Quantifier quantifier, WorkBudget work)
    {
        var values = PathValues.Of(path, arguments, work, out _);
        if (work.IsExhausted)
            return TriState.Incomparable;
        return TriStateTable.Of(quantifier == Quantifier.Every
            ? values.TrueForAll(value => value is not null == expected)
            : values.Exists(value => value is not null == expected));
    }

    public override string Describe() => expected ? $"{path} is given" : $"{path} is not given";
}
