namespace Gateway.Tidy.Tests.Documents;

/// <summary>
/// Each figure stands in one place: speed and memory in docs/engineering/performance.md. A second place is forgotten
/// when the first is measured again, and then two documents say two things.
/// </summary>
internal static partial class FigureRules
{
    public const string Home = "docs/engineering/performance.md";

    public static bool Covers(string path) =>
        path != Home && path.EndsWith(".md", StringComparison.Ordinal)
        && (!path.Contains('/', StringComparison.Ordinal) || Repository.IsUnder(path, "docs")
            || Repository.IsUnder(path, "src") || Repository.IsUnder(path, "deploy"));

    public static IEnumerable<Offence> Figures(string path, string text)
    {
        // A sentence goes on in the next line.
        foreach (Match match in Rate().Matches(text).Concat(Size().Matches(text)))
        {
            var number = text.AsSpan(0, match.Index).Count('\n') + 1;
            yield return new(path, number, $"says \"{match.Value.ReplaceLineEndings(" ")}\"; figures stand in {Home}");
        }
    }

    [GeneratedRegex(@"\b\d[\d,]{3,}\s+(?:calls|decisions|permits|admissions|messages|requests)\s+a\s+second\b")]
    private static partial Regex Rate();

    [GeneratedRegex(@"\b[Cc]ounter\s+(?:takes|took|needs|costs)\s+(?:some\s+|about\s+)?\d[\d.,]*\s+(?:k?B|bytes)\b")]
    private static partial Regex Size();
}
