namespace Gateway.Policy.Tests.Oracle;

/// <summary>Numbers that a rule reads and that a double changes, found rule by rule.</summary>
internal static class OracleNumbers
{
    public static bool AreDecimals(JsonElement? entry) =>
        entry is { } own && own.TryGetProperty("number", out var word) && word.GetString() == "decimal";

    public static bool AreRead(JsonElement layer, JsonElement arguments) =>
        PathsOf(layer).Where(static path => path.StartsWith("args", StringComparison.Ordinal))
            .Any(path => OracleCondition.Values(path, arguments).Any(IsInexact));

    private static IEnumerable<string> PathsOf(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
            return node.EnumerateArray().SelectMany(PathsOf);
        if (node.ValueKind != JsonValueKind.Object)
            return [];
        if (node.TryGetProperty("op", out var op))
            return ComparesNumbers(op.GetString()!, node) ? [node.GetProperty("path").GetString()!] : [];
        return node.EnumerateObject().SelectMany(static member =>
            member.Name == "by" ? Counted(member.Value) : PathsOf(member.Value));
    }

    private static IEnumerable<string> Counted(JsonElement by) => by.ValueKind switch
    {
        JsonValueKind.String => [by.GetString()!],
        JsonValueKind.Array => by.EnumerateArray().SelectMany(Counted),
        _ => [by.GetProperty("path").GetString()!],
    };

    private static bool ComparesNumbers(string op, JsonElement condition) => op switch
    {
        "lt" or "lte" or "gt" or "gte" => true,
        "eq" or "neq" or "has" or "contains" or "between" => HasNumber(condition.GetProperty("value")),
        "in" or "not_in" => condition.TryGetProperty("value", out var values)
            ? HasNumber(values)
            : condition.TryGetProperty("as", out var form) && form.GetString() == "number",
        "exists" or "starts_with" or "ends_with" or "matches" or "matches_any" or "host_in" or "path_in" => false,
        "length_lt" or "length_lte" or "length_gt" or "length_gte" => false,
        _ => throw new ArgumentException($"The oracle does not know \"{op}\".", nameof(op)),
    };

    private static bool HasNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => true,
        JsonValueKind.Array => value.EnumerateArray().Any(HasNumber),
        JsonValueKind.Object => value.EnumerateObject().Any(static member => HasNumber(member.Value)),
        _ => false,
    };

    // A literal is exact where the framework writes its double as a number of the same value.
    private static bool IsInexact(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => OracleJson.Number(value) != OracleJson.Number(JsonDocument.Parse(
            JsonSerializer.Serialize(value.GetDouble())).RootElement),
        JsonValueKind.Array => value.EnumerateArray().Any(IsInexact),
        JsonValueKind.Object => value.EnumerateObject().Any(static member => IsInexact(member.Value)),
        _ => false,
    };
}
