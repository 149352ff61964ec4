using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// <c>in</c> and <c>not_in</c>. The list may hold values of several kinds, so an argument has to be comparable with one
/// of them, not with each.
/// </summary>
internal sealed class InComparison : Comparison
{
    private readonly ImmutableArray<JsonNode> _values;
    private readonly bool _isNegated;

    // Long lists are of strings or numbers: one look instead of one for each.
    private readonly FrozenSet<string> _texts;
    private readonly FrozenSet<JsonDecimal> _numbers;
    private readonly ImmutableArray<JsonNode> _others;

    public InComparison(ImmutableArray<JsonNode> values, bool isNegated)
    {
        _values = values;
        _isNegated = isNegated;
        _texts = values.Where(static value => value.Kind == JsonKind.String)
            .Select(static value => value.Text).ToFrozenSet(StringComparer.Ordinal);
        _numbers = values.Where(static value => value.Kind == JsonKind.Number)
            .Select(static value => JsonDecimal.TryParse(value.Text, out var number) ? number : default).ToFrozenSet();
        _others = [.. values.Where(static value => value.Kind is not (JsonKind.String or JsonKind.Number))];
    }

    public override bool ReadsNumbers => _values.Any(InexactNumber.HasNumber);

    public override TriState Compare(JsonNode argument, in JudgedCall call)
    {
        var triState = TriState.Incomparable;
        if (argument.Kind == JsonKind.String && _texts.Count > 0 && call.Work.SpendText(argument.Text))
            triState = TriStateTable.Of(_texts.Contains(argument.Text));
        if (triState != TriState.True && _numbers.Count > 0 && Numbers.TryRead(argument, call.Work, out var number))
            triState = TriStateTable.Of(_numbers.Contains(number));
        foreach (var value in _others)
        {
            if (triState == TriState.True || !call.Work.Spend(1))
                break;
            var next = Equality.Compare(value, argument, call.Work);
            if (next == TriState.True || triState == TriState.Incomparable)
                triState = next;
        }

        return _isNegated ? TriStateTable.Not(triState) : triState;
    }

    public override string Describe() =>
        $"is {(_isNegated ? "none" : "one")} of {string.Join(", ", _values.Take(10).Select(PolicyValue.Describe))}"
        + (_values.Length > 10 ? ", …" : "");
}
