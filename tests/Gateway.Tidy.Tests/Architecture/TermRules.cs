namespace Gateway.Tidy.Tests.Architecture;

/// <summary>
/// The vocabulary of <c>docs/engineering/terms.md</c>: words that have another term here occur neither in identifiers
/// nor in prose.
/// </summary>
internal static partial class TermRules
{
    private const string Page = "docs/engineering/terms.md";

    /// <summary>Rejected words, each with the term to use instead.</summary>
    public static IReadOnlyDictionary<string, string> Rejected { get; } = Table("Rejected words");

    /// <summary>Names outside our control or on the wire that keep a rejected word.</summary>
    public static IReadOnlyDictionary<string, string> Kept { get; } = Table("Names that keep a rejected word");

    /// <summary>Returns each identifier, comment and text of a C# file with a rejected word.</summary>
    public static IEnumerable<Offence> Of(SourceFile file)
    {
        var tokens = file.Syntax.DescendantTokens(descendIntoTrivia: true);
        foreach (var token in tokens)
        {
            var isText = token.IsKind(SyntaxKind.StringLiteralToken)
                || token.IsKind(SyntaxKind.InterpolatedStringTextToken)
                || token.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
                || token.IsKind(SyntaxKind.SingleLineRawStringLiteralToken)
                || token.IsKind(SyntaxKind.Utf8StringLiteralToken)
                || token.IsKind(SyntaxKind.XmlTextLiteralToken);
            if (!isText && !token.IsKind(SyntaxKind.IdentifierToken))
                continue;
            foreach (var word in Words(token.Text))
                yield return file.Offence(token, Message(word));
        }

        foreach (var comment in file.Syntax.DescendantTrivia().Where(static trivia =>
            trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)))
        {
            foreach (var word in Words(comment.ToString()))
                yield return file.Offence(comment, Message(word));
        }
    }

    /// <summary>Returns each line of another file, such as JavaScript or Markdown, with a rejected word.</summary>
    public static IEnumerable<Offence> Of(string path, string text) =>
        from line in text.Split('\n').Select(static (content, index) => (Content: content, Number: index + 1))
        from word in Words(line.Content)
        select new Offence(path, line.Number, Message(word));

    /// <summary>Returns the rejected words of a text; identifiers count as their words, in every inflection.</summary>
    public static IEnumerable<string> Words(string text)
    {
        foreach (var name in Kept.Keys)
            text = text.Replace(name, "", StringComparison.Ordinal);
        return Word().Matches(text).Select(static match => match.Value.ToLowerInvariant())
            .Where(static word => Stems(word).Any(Rejected.ContainsKey)).Distinct();
    }

    private static IEnumerable<string> Stems(string word)
    {
        yield return word;
        foreach (var ending in (string[])["s", "d", "ed", "r", "ing"])
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal))
                continue;
            var stem = word[..^ending.Length];
            yield return stem;
            yield return stem + "e";
        }
    }

    private static string Message(string word) =>
        $"\"{word}\" is not a term here; write "
        + Stems(word).Select(Rejected.GetValueOrDefault).First(static one => one is not null);

    private static Dictionary<string, string> Table(string section)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = Repository.Read(Page);
        var at = text.IndexOf($"## {section}", StringComparison.Ordinal);
        foreach (var line in text[(at + 3)..].Split("\n## ")[0].Split('\n')
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1))
        {
            var cells = line.Trim('|').Split('|');
            foreach (var word in section.StartsWith("Names", StringComparison.Ordinal)
                ? Quoted().Matches(cells[0]).Select(static match => match.Groups[1].Value)
                : cells[0].Split(',').Select(static word => word.Trim()))
                found[word] = cells[1].Trim();
        }

        return found;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
