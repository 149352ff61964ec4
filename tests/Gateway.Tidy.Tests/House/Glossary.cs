namespace Gateway.Tidy.Tests.House;

/// <summary>The tables of <c>docs/engineering/glossary.md</c>: old name to the one that says the same.</summary>
internal static partial class Glossary
{
    public const string Path = "docs/engineering/glossary.md";

    /// <param name="text">The document.</param>
    /// <param name="heading">The heading above the table.</param>
    public static IReadOnlyDictionary<string, string> Read(string text, string heading)
    {
        var start = text.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Path} has no part \"{heading}\"");
        var to = text.IndexOf("\n## ", start, StringComparison.Ordinal);
        var rows =
            from row in text[start..(to < 0 ? text.Length : to)].Split('\n')
            let cells = row.Split('|')
            where cells.Length > 3
            from old in Code().Matches(cells[1])
            select (old.Groups[1].Value, cells[2].Trim(' ', '`'));
        return rows.ToDictionary(StringComparer.Ordinal);
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
