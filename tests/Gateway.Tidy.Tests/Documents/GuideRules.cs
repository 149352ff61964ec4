namespace Gateway.Tidy.Tests.Documents;

/// <summary>Reads the tables of the guides for contributors and compares them with files.</summary>
internal static partial class GuideRules
{
    /// <summary>Files that tests write from the code: no change edits them by hand.</summary>
    private static readonly string[] Generated = ["policy-v1.json", "operators.js"];

    /// <summary>Words of a document: comments, tables' lines and other punctuation are not counted.</summary>
    public static int Words(string text) => Word().Count(Comment().Replace(text, ""));

    /// <summary>The text below a heading of the second level; empty if there is no such heading.</summary>
    public static string Section(string text, string heading)
    {
        var start = text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        if (start < 0) return "";
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    /// <summary>The cells of each row of a table, without its head.</summary>
    public static IEnumerable<string[]> Rows(string text) =>
        text.Split('\n').Where(static line => line.StartsWith('|'))
            .SkipWhile(static line => !line.StartsWith("|-", StringComparison.Ordinal)
                && !line.StartsWith("| -", StringComparison.Ordinal))
            .Skip(1)
            .Select(static line => line.Trim('|', ' ').Length == 0 ? [] : line[1..^1].Split('|'));

    /// <summary>Files of a row that do not exist, and types that none of its files declares.</summary>
    public static IEnumerable<Offence> WrongPlaces(string page, string[] row, Func<string, string?> textOf)
    {
        var task = row[0].Trim();
        string[] paths = [.. Quoted().Matches(row[1]).Select(static match => match.Groups[1].Value)];
        string[] names = [.. Quoted().Matches(row[2]).Select(static match => match.Groups[1].Value)];
        if (paths.Length == 0) yield return new(page, 0, $"\"{task}\" names no file");
        if (names.Length == 0) yield return new(page, 0, $"\"{task}\" names no type");
        foreach (var path in paths.Where(path => textOf(path) is null))
            yield return new(page, 0, $"\"{task}\" names {path}, which does not exist");
        string[] texts = [.. paths.Select(textOf).OfType<string>()];
        foreach (var name in names)
        {
            var parts = name.Split('.');
            var declares = new Regex(
                $@"\b(?:class|record|struct|interface|enum|record struct|function|const|static) {parts[0]}\b");
            if (!texts.Any(text => declares.IsMatch(text)
                    && parts.Skip(1).All(part => Regex.IsMatch(text, $@"\b{part}\b"))))
                yield return new(page, 0, $"\"{task}\" names {name}, which is in none of its files");
        }
    }

    /// <summary>Files whose code, comments aside, has one of the names as a whole word.</summary>
    public static IReadOnlyList<string> FilesWith(string[] names, IEnumerable<(string Path, string Text)> files)
    {
        var pattern = new Regex($@"(?<!\w)(?:{string.Join('|', names.Select(Regex.Escape))})(?!\w)");
        return
        [
            .. from file in files
               where !Generated.Contains(Path.GetFileName(file.Path))
                   && !names.Any(name => file.Path.Contains($"/{name}/", StringComparison.Ordinal))
                   && file.Text.Split('\n').Any(line =>
                       !line.AsSpan().TrimStart().StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(line))
               select file.Path,
        ];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}'’.,/_-]*")]
    private static partial Regex Word();
}
