using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// <c>in</c> and <c>not_in</c>. The list may hold values of several kinds, so an argument has to be comparable with one
/// of them, not with each.
/// </summary>
internal sealed class InComparison(ImmutableArray<JsonNode> values, bool isNegated) : Comparison
{
    public override Truth Compare(JsonNode argument)
    {
        var truth = Truth.Incomparable;
        foreach (var value in values)
        {
            var next = Equality.Compare(value, argument);
            if (next == Truth.True || truth == Truth.Incomparable)
                truth = next;
            if (truth == Truth.True)
                break;
        }

        return isNegated ? TruthTable.Not(truth) : truth;
    }

    public override string Describe() =>
        $"is {(isNegated ? "none" : "one")} of {string.Join(", ", values.Take(10).Select(PolicyValue.Describe))}"
        + (values.Length > 10 ? ", …" : "");
}
