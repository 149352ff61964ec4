using Gateway.Policy.Conditions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Reviewing;

/// <summary>Determines whether a comparison can hold for an argument according to a tool's schema.</summary>
internal static class SchemaFit
{
    /// <summary>
    /// Returns the reason why a comparison never holds; null if it may, or if the schema is not specific enough.
    /// </summary>
    public static string? WhyNever(Comparisons.Written written, JsonNode? argument)
    {
        if (argument is null)
            return null;
        HashSet<string> types = argument.Find("type") switch
        {
            { Kind: JsonKind.String } one => [one.Text],
            { Kind: JsonKind.Array } several => [.. several.Items.Select(static type => type.Text)],
            _ => [],
        };
        if (types.Count > 0 && !written.Op.Fits.IsEmpty && !types.Overlaps(written.Op.Fits))
            return $"\"{written.Op.Name}\" cannot compare {string.Join(" or ", types)}";
        if (written.Op.OneOf?.Invoke(written.Value).ToArray() is not { } values)
            return null;
        if (types.Count > 0 && Array.TrueForAll(values, value => !IsOf(value, types)))
            return $"its type is {string.Join(" or ", types)}";
        return argument.Find("enum") is { Kind: JsonKind.Array } allowed
            && !allowed.Items.Any(one => Array.Exists(values, value => IsSame(value, one)))
                ? "its \"enum\" has no such value"
                : null;
    }

    private static bool IsOf(JsonNode value, HashSet<string> types) => value.Kind switch
    {
        JsonKind.String => types.Contains("string"),
        JsonKind.Number => types.Overlaps(["number", "integer", "string"]),
        JsonKind.True or JsonKind.False => types.Contains("boolean"),
        JsonKind.Array => types.Contains("array"),
        JsonKind.Object => types.Contains("object"),
        _ => types.Contains("null"),
    };

    private static bool IsSame(JsonNode written, JsonNode allowed) =>
        Equality.Compare(written, allowed, new WorkBudget()) == TriState.True;
}
