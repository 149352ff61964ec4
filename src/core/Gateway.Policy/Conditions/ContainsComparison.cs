using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>contains</c>: a string within a string, or a value among the elements of an array.</summary>
internal sealed class ContainsComparison(JsonNode value) : Comparison
{
    public override bool ReadsNumbers { get; } = InexactNumber.HasNumber(value);

    public override TriState Compare(JsonNode argument, in JudgedCall call)
    {
        if (argument.Kind == JsonKind.String && value.Kind == JsonKind.String)
        {
            // At every place a part of the text may be found before it is seen that the rest is another.
            var cost = argument.Text.Length / WorkBudget.CharactersPerStep
                * (1L + (value.Text.Length / WorkBudget.CharactersPerStep));
            return call.Work.Spend(cost)
                ? TriStateTable.Of(argument.Text.Contains(value.Text, StringComparison.Ordinal))
                : TriState.Incomparable;
        }

        if (argument.Kind != JsonKind.Array)
            return TriState.Incomparable;
        var triState = TriState.False;
        foreach (var item in argument.Items)
        {
            if (!call.Work.Spend(1))
                return TriState.Incomparable;
            triState = TriStateTable.Or(triState, Equality.Compare(value, item, call.Work));
        }

        return triState;
    }

    public override string Describe() => $"contains {PolicyValue.Describe(value)}";
}
