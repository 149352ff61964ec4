using System.Globalization;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Reviewing;

/// <summary>
/// Finds conditions on one argument that no value meets together. Reported only when certain: the comparisons
/// themselves reject every candidate, such as each value of an <c>in</c>, or the numbers at, between and beyond all
/// bounds.
/// </summary>
internal static class ImpossibleConditions
{
    private const int LengthMax = 4096;
    private const int ConditionsMax = 32;

    public static void Run(JsonNode? entry, string pointer, ProblemSink problems)
    {
        foreach (var (member, parts) in Comparisons.Conjunctions(entry, pointer))
        {
            foreach (var path in parts.Where(static part => !part.Path.Contains("[*]", StringComparison.Ordinal))
                .GroupBy(static part => part.Path, StringComparer.Ordinal))
            {
                if (path.Count() <= ConditionsMax && NoneMeets([.. path]))
                    Warn(member, path.Last(), path.Count(), problems);
            }
        }
    }

    private static void Warn(string member, Comparisons.Written last, int count, ProblemSink problems)
    {
        var what = count == 1 ? "this condition" : $"the {count} conditions";
        var effect = member switch
        {
            "require" => "every call is denied",
            "deny_if" => "no call is denied",
            "approve_if" => "approval is required only where the argument cannot be compared",
            _ => "this part never holds",
        };
        problems.Warn(FindingKind.Impossible, last.Offset, last.Pointer,
            $"no value of {last.Path} meets {what} on it, so {effect}: correct or remove a condition");
    }

    private static bool NoneMeets(List<Comparisons.Written> parts)
    {
        var exists = parts.Where(static part => part.Op == Operators.Exists).ToList();
        var compared = parts.Where(static part => part.Op != Operators.Exists).ToList();
        // An absent value meets no comparison.
        if (exists.Exists(static part => part.Value.Kind == JsonKind.False))
            return compared.Count > 0 || exists.Exists(static part => part.Value.Kind == JsonKind.True);
        if (compared.Count == 0 || Candidates(compared) is not { } values)
            return false;
        var all = compared.Select(static part => part.Read()).ToList();
        return all.TrueForAll(static one => one is not null)
            && !values.Exists(value => all.TrueForAll(one => Holds(one!, value)));
    }

    private static bool Holds(Comparison comparison, JsonNode value)
    {
        var work = new WorkBudget();
        return comparison.Compare(value, new EvaluationContext(value, work)) == TriState.True || work.IsExhausted;
    }

    /// <summary>
    /// Returns values of which one meets the conditions if any value does; null if no such set is known.
    /// </summary>
    private static List<JsonNode>? Candidates(List<Comparisons.Written> parts)
    {
        var listed = parts.Where(static part => part.Op.OneOf is not null).ToList();
        if (listed.Count > 0)
            return [.. listed.SelectMany(static part => part.Op.OneOf!(part.Value)).SelectMany(Spellings)];
        return parts.Select(static part => part.Op.Domain).Distinct().ToArray() switch
        {
            [Domain.Numbers] => Numbers(parts),
            [Domain.Lengths] => Lengths(parts),
            [Domain.Prefixes] => [parts.MaxBy(static part => part.Value.Text.Length)!.Value],
            _ => null,
        };
    }

    // A number of the policy also matches a string that contains it, and texts are compared as written.
    private static IEnumerable<JsonNode> Spellings(JsonNode value) =>
        value.Kind == JsonKind.Number ? [value, JsonNode.OfText(JsonKind.String, 0, value.Text)] : [value];

    private static List<JsonNode>? Numbers(List<Comparisons.Written> parts)
    {
        var bounds = new List<decimal>();
        foreach (var part in parts)
        {
            if (!decimal.TryParse(part.Value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)
                || Math.Abs(bound) > 1_000_000_000_000_000_000m)
                return null;
            bounds.Add(bound);
        }

        bounds.Sort();
        return [.. bounds.Append(bounds[0] - 1).Append(bounds[^1] + 1)
            .Concat(bounds.Zip(bounds.Skip(1), static (low, high) => low + ((high - low) / 2)))
            .Select(static number => JsonNode.OfText(
                JsonKind.Number, 0, number.ToString(CultureInfo.InvariantCulture)))];
    }

    private static List<JsonNode>? Lengths(List<Comparisons.Written> parts)
    {
        var lengths = new List<int>();
        foreach (var part in parts)
        {
            if (!int.TryParse(part.Value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length > LengthMax)
                return null;
            lengths.AddRange([length - 1, length, length + 1]);
        }

        return [.. lengths.Where(static length => length >= 0)
            .Select(static length => JsonNode.OfText(JsonKind.String, 0, new string('x', length)))];
    }
}
