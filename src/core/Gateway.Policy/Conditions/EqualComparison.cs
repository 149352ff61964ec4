using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>eq</c> and <c>neq</c>.</summary>
internal sealed class EqualComparison(JsonNode value, bool isNegated) : Comparison
{
    public override bool ReadsNumbers { get; } = InexactNumber.HasNumber(value);

    public override TriState Compare(JsonNode argument, in JudgedCall call)
    {
        var triState = Equality.Compare(value, argument, call.Work);
        return isNegated ? TriStateTable.Not(triState) : triState;
    }

    public override string Describe() => $"is {(isNegated ? "not " : "")}{PolicyValue.Describe(value)}";
}
