using Gateway.Policy.Documents;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary><c>matches</c>: the expression is found somewhere in the string.</summary>
internal sealed class MatchesComparison(SafeRegex regex) : Comparison
{
    public override Truth Compare(JsonNode argument, WorkBudget work) =>
        argument.Kind == JsonKind.String && regex.IsMatch(argument.Text, work) is { } found
            ? TruthTable.Of(found)
            : Truth.Incomparable;

    public override string Describe() => $"matches \"{Spelling.Shorten(regex.Text)}\"";
}
