using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>A comparison with a value from the policy.</summary>
internal sealed class OperandComparison<T>(Operator<T> op, T operand, JsonNode value) : Comparison
    where T : class
{
    public override bool ReadsNumbers { get; } = op.Kind.ReadsNumbers && InexactNumber.HasNumber(value);

    public override TriState Compare(JsonNode argument, in EvaluationContext call)
    {
        var triState = op.Compare(operand, argument, call);
        return op.IsNegated ? TriStateTable.Not(triState) : triState;
    }

    public override string Describe() => $"{op.Words} {op.Kind.Describe(operand)}";
}
