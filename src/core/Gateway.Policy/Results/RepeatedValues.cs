using System.Buffers;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>
/// What stood in values that a path redacts: a text that repeats it is redacted alike. What is shorter than four
/// characters only as a word of its own.
/// </summary>
internal sealed class RepeatedValues
{
    private const int ShortMax = 3;
    private const int NameLengthMin = 8;
    private readonly Dictionary<string, string> _rules = new(StringComparer.Ordinal);
    private SearchValues<string>? _search;

    public bool IsEmpty => _rules.Count == 0;

    /// <summary>Notes every text and number in a value.</summary>
    public void Add(JsonNode value, string rule)
    {
        if (value.Kind is JsonKind.String or JsonKind.Number && value.Text.Length > 0)
            _rules.TryAdd(value.Text, rule);
        foreach (var item in value.Items)
            Add(item, rule);
        foreach (var member in value.Members)
            Add(member.Value, rule);
        _search = null;
    }

    /// <summary>Whether a member's name is one of them; a short word is a name of its own right.</summary>
    public string? RuleOfName(string name) =>
        name.Length >= NameLengthMin && _rules.TryGetValue(name, out var rule) ? rule : null;

    public void Find(string text, WorkBudget work, List<(TextSpan Span, string Rule)> found)
    {
        if (IsEmpty || !work.Spend(1 + (text.Length / WorkBudget.CharactersPerStep)))
            return;
        _search ??= SearchValues.Create([.. _rules.Keys], StringComparison.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            var next = text.AsSpan(at).IndexOfAny(_search);
            if (next < 0)
                return;
            at += next;
            if (!work.Spend(1 + (_rules.Count / WorkBudget.CharactersPerStep)))
                return;
            if (LongestAt(text, at) is { } value)
            {
                found.Add((new TextSpan(at, value.Length), _rules[value]));
                at += value.Length;
            }
            else
                at++;
        }
    }

    private string? LongestAt(string text, int at)
    {
        string? longest = null;
        foreach (var value in _rules.Keys)
        {
            if (value.Length > (longest?.Length ?? 0) && string.CompareOrdinal(text, at, value, 0, value.Length) == 0
                && (value.Length > ShortMax || IsWord(text, at, value.Length)))
            {
                longest = value;
            }
        }

        return longest;
    }

    private static bool IsWord(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));
}
