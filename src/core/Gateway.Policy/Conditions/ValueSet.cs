using System.Collections.Frozen;
using Gateway.Policy.Json;

namespace Gateway.Policy.Conditions;

/// <summary>
/// The operand of <c>in</c> and <c>not_in</c>. It may hold values of several kinds, so an argument must be comparable
/// with at least one of them.
/// </summary>
internal sealed class ValueSet(JsonNode values)
{
    // Long lists consist of strings or numbers, so one lookup replaces a comparison with each value.
    private readonly FrozenSet<string> _texts = values.Items.Where(static value => value.Kind == JsonKind.String)
        .Select(static value => value.Text).ToFrozenSet(StringComparer.Ordinal);

    private readonly FrozenSet<JsonDecimal> _numbers = values.Items
        .Where(static value => value.Kind == JsonKind.Number)
        .Select(static value => JsonDecimal.TryParse(value.Text, out var number) ? number : default).ToFrozenSet();

    private readonly JsonNode[] _others =
        [.. values.Items.Where(static value => value.Kind is not (JsonKind.String or JsonKind.Number))];

    public TriState Contains(JsonNode argument, in EvaluationContext call)
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

        return triState;
    }

    public string Describe() => Operand.Listed(values.Items.Select(PolicyValue.Describe), values.Items.Length);
}
