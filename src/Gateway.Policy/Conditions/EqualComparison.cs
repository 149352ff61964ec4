using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualComparison(JsonNode value, bool isNegated) : Comparison
{
    public override Truth Compare(JsonNode argument)
    {
        var truth = Equality.Compare(value, argument);
        return isNegated ? TruthTable.Not(truth) : truth;
    }

    public override string Describe() => $"is {(isNegated ? "not " : "")}{PolicyValue.Describe(value)}";
}
