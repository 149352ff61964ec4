namespace Gateway.Policy.Tests.Oracle;

/// <summary>Members that look like one that a path reads, found path by path.</summary>
internal static class OracleVariants
{
    public static bool AreDenied(JsonElement policy, JsonElement? entry)
    {
        var word = entry is { } own && own.TryGetProperty("case_variants", out var mine) ? mine
            : policy.TryGetProperty("case_variants", out var all) ? all : default;
        return word.ValueKind == JsonValueKind.Undefined || word.GetString() == "deny";
    }

    public static IEnumerable<string> PathsOf(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().SelectMany(static member =>
            member.Name == "path" ? [member.Value.GetString()!]
                : member.Name == "by" ? TextsOf(member.Value).Concat(PathsOf(member.Value)) : PathsOf(member.Value)),
        JsonValueKind.Array => node.EnumerateArray().SelectMany(PathsOf),
        _ => [],
    };

    private static IEnumerable<string> TextsOf(JsonElement by) => by.ValueKind switch
    {
        JsonValueKind.String => [by.GetString()!],
        JsonValueKind.Array => by.EnumerateArray().SelectMany(TextsOf),
        _ => [],
    };

    public static bool IsIn(JsonElement arguments, IEnumerable<string> paths) =>
        paths.Where(static path => path.StartsWith("args", StringComparison.Ordinal)).Any(
            path => IsIn(arguments, [.. Regex.Matches(path[4..], "[a-z]+|\\*|[0-9]+").Select(m => m.Value)], 0));

    private static bool IsIn(JsonElement node, string[] steps, int step)
    {
        if (step == steps.Length)
            return false;
        if (node.ValueKind == JsonValueKind.Array && !char.IsAsciiLetter(steps[step][0]))
        {
            return node.EnumerateArray().Where((_, index) => steps[step] == "*" || steps[step] == $"{index}")
                .Any(item => IsIn(item, steps, step + 1));
        }

        return node.ValueKind == JsonValueKind.Object && char.IsAsciiLetter(steps[step][0])
            && node.EnumerateObject().Any(member => member.Name == steps[step]
                ? IsIn(member.Value, steps, step + 1)
                : member.Name.Replace("\u200b", "", StringComparison.Ordinal)
                    .Equals(steps[step], StringComparison.OrdinalIgnoreCase));
    }
}
