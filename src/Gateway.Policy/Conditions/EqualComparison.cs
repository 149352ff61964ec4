using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualComparison(JsonNode value, bool isNegated) : Comparison
{
    public override Truth Compare(JsonNode argument, WorkBudget work)
    {
        var truth = Equality.Compare(value, argument, work);
        return isNegated ? TruthTable.Not(truth) : truth;
    }

    public override string Describe() => $"is {(isNegated ? "not " : "")}{PolicyValue.Describe(value)}";
}
