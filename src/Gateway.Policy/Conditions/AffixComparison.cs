using Gateway.Policy.Documents;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>starts_with</c> and <c>ends_with</c>, byte for byte.</summary>
internal sealed class AffixComparison(string value, bool isEnd) : Comparison
{
    public override Truth Compare(JsonNode argument, WorkBudget work)
    {
        if (argument.Kind != JsonKind.String)
            return Truth.Incomparable;
        return TruthTable.Of(isEnd
            ? argument.Text.EndsWith(value, StringComparison.Ordinal)
            : argument.Text.StartsWith(value, StringComparison.Ordinal));
    }

    public override string Describe() => $"{(isEnd ? "ends" : "starts")} with \"{Spelling.Shorten(value)}\"";
}
