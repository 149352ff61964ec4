using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Conditions;

/// <summary><c>starts_with</c> and <c>ends_with</c>, byte for byte.</summary>
internal sealed class AffixComparison(string value, bool isEnd) : Comparison
{
    public override TriState Compare(JsonNode argument, in JudgedCall call)
    {
        if (argument.Kind != JsonKind.String)
            return TriState.Incomparable;
        return TriStateTable.Of(isEnd
            ? argument.Text.EndsWith(value, StringComparison.Ordinal)
            : argument.Text.StartsWith(value, StringComparison.Ordinal));
    }

    public override string Describe() => $"{(isEnd ? "ends" : "starts")} with \"{Spelling.Shorten(value)}\"";
}
