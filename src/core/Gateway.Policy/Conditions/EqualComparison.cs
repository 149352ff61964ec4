using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualComparison(JsonNode value, bool isNegated) : Comparison
{
    public override TriState Compare(JsonNode argument, WorkBudget work)
    {
        var triState = Equality.Compare(value, argument, work);
        return isNegated ? TriStateTable.Not(triState) : triState;
    }

    public override string Describe() => $"is {(isNegated ? "not " : "")}{PolicyValue.Describe(value)}";
}
