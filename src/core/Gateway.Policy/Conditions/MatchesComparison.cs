using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Conditions;

/// <summary><c>matches</c>: the expression is found somewhere in the string.</summary>
internal sealed class MatchesComparison(SafeRegex regex) : Comparison
{
    public override TriState Compare(JsonNode argument, in JudgedCall call) =>
        argument.Kind == JsonKind.String && regex.IsMatch(argument.Text, call.Work) is { } found
            ? TriStateTable.Of(found)
            : TriState.Incomparable;

    public override string Describe() => $"matches \"{Spelling.Shorten(regex.Text)}\"";
}
