using System.Buffers;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>
/// Values that a path redacts; a text that repeats one is redacted too. A value shorter than four characters matches
/// only as a whole word.
/// </summary>
internal sealed class RepeatedValues
{
    private const int ShortMax = 3;
    private const int NameLengthMin = 8;

    // Values are indexed by their first characters, so that the memory of the search does not grow with them.
    private const int HeadLength = 8;
    private const int CountMax = 10_000;

    private readonly Dictionary<string, string> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byHead = new(StringComparer.Ordinal);
    private SearchValues<string>? _search;

    public bool IsEmpty => _rules.Count == 0;

    /// <summary>Adds every text and number in a value; uses the budget up if there are too many.</summary>
    public void Add(JsonNode value, string rule, WorkBudget work)
    {
        if (!work.Spend(1))
            return;
        if (value.Kind is JsonKind.String or JsonKind.Number && value.Text.Length > 0
            && _rules.TryAdd(value.Text, rule))
        {
            Enter(value.Text, work);
        }

        foreach (var item in value.Items)
            Add(item, rule, work);
        foreach (var member in value.Members)
            Add(member.Value, rule, work);
    }

    /// <summary>
    /// Returns the rule whose redacted value a member's name repeats. Short words are excluded, as they are common
    /// names.
    /// </summary>
    public string? RuleOfName(string name) =>
        name.Length >= NameLengthMin && _rules.TryGetValue(name, out var rule) ? rule : null;

    public void Find(string text, WorkBudget work, List<(TextSpan Span, string Rule)> found)
    {
        if (IsEmpty || !work.Spend(1 + (text.Length / WorkBudget.CharactersPerStep)))
            return;
        _search ??= SearchValues.Create([.. _byHead.Keys], StringComparison.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            var next = text.AsSpan(at).IndexOfAny(_search);
            if (next < 0)
                return;
            at += next;
            if (LongestAt(text, at, work) is { } value)
            {
                if (!work.Spend(WorkBudget.StepsPerFind))
                    return;
                found.Add((new TextSpan(at, value.Length), _rules[value]));
                at += value.Length;
            }
            else
                at++;
        }
    }

    private void Enter(string value, WorkBudget work)
    {
        var head = value[..Math.Min(value.Length, HeadLength)];
        if (!_byHead.TryGetValue(head, out var values))
            _byHead[head] = values = [];
        values.Add(value);
        _search = null;
        if (_rules.Count > CountMax)
            work.Exhaust();
    }

    private string? LongestAt(string text, int at, WorkBudget work)
    {
        string? longest = null;
        var heads = _byHead.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = 1; length <= HeadLength && at + length <= text.Length; length++)
        {
            if (!work.Spend(1) || !heads.TryGetValue(text.AsSpan(at, length), out var values))
                continue;
            foreach (var value in values)
            {
                // The comparison may read the whole value.
                if (!work.Spend(1 + (value.Length / WorkBudget.CharactersPerStep)))
                    return longest;
                if (value.Length > (longest?.Length ?? 0)
                    && string.CompareOrdinal(text, at, value, 0, value.Length) == 0
                    && (value.Length > ShortMax || IsWord(text, at, value.Length)))
                {
                    longest = value;
                }
            }
        }

        return longest;
    }

    private static bool IsWord(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));
}
