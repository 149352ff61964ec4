using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>contains</c>: a string within a string, or a value among the elements of an array.</summary>
internal sealed class ContainsComparison(JsonNode value) : Comparison
{
    public override Truth Compare(JsonNode argument)
    {
        if (argument.Kind == JsonKind.String && value.Kind == JsonKind.String)
            return TruthTable.Of(argument.Text.Contains(value.Text, StringComparison.Ordinal));
        if (argument.Kind != JsonKind.Array)
            return Truth.Incomparable;
        var truth = Truth.False;
        foreach (var item in argument.Items)
            truth = TruthTable.Or(truth, Equality.Compare(value, item));
        return truth;
    }

    public override string Describe() => $"contains {PolicyValue.Describe(value)}";
}
