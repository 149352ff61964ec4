namespace Gateway.Tidy.Tests.Documents;

/// <summary>
/// Numbers of the pages for users. A number that says something about the program is compared with the code: the
/// comment <c>check: NAME</c> in its paragraph, list item or row names the option, constant or file that has it.
/// A number that the program does not determine has a comment <c>given: REASON</c>.
/// </summary>
internal static partial class NumberRules
{
    /// <summary>A paragraph, list item or row without its comments, and what its comments name.</summary>
    private sealed record Unit(int Line, string Text, IReadOnlyList<string> Names, bool IsGiven);

    /// <summary>Numbers that no comment covers, or that the named places do not have.</summary>
    /// <param name="path">The page.</param>
    /// <param name="text">Its text.</param>
    /// <param name="valuesOf">The numbers of a name; null where there is no such name.</param>
    public static IEnumerable<Offence> Offences(
        string path, string text, Func<string, IReadOnlySet<double>?> valuesOf)
    {
        var lines = text.Split('\n');
        var examples = Examples(lines);
        foreach (var unit in Units(lines))
        {
            foreach (var name in unit.Names.Where(name => valuesOf(name) is null))
                yield return new(path, unit.Line, $"names {name}, which the sources do not have");
            if (unit.IsGiven)
                continue;
            var values = unit.Names.Select(valuesOf).OfType<IReadOnlySet<double>>().SelectMany(static one => one)
                .ToHashSet();
            foreach (var number in Numbers(unit.Text))
            {
                if (Readings(number).Any(values.Contains) || examples[unit.Line - 1].Contains(number.Groups[1].Value))
                    continue;
                var problem = unit.Names.Count == 0
                    ? "is not checked; add <!-- check: NAME --> or <!-- given: REASON -->"
                    : $"is none of {string.Join(", ", values.Order())} ({string.Join(", ", unit.Names)})";
                yield return new(path, unit.Line, $"\"{number.Value}\" {problem}");
            }
        }
    }

    /// <summary>Numbers of a text that may say something about the program.</summary>
    private static IEnumerable<Match> Numbers(string text) =>
        Number().Matches(Exempt().Replace(CodeOrTarget().Replace(text, " "), " "))
            .Where(static number => number.Groups[2].Success || number.Groups[1].Value is not ("0" or "1" or "2"));

    /// <summary>The number as it stands there, and in the units that code uses: seconds, milliseconds, bytes.</summary>
    private static IEnumerable<double> Readings(Match number)
    {
        var digits = number.Groups[1].Value.Replace(",", "", StringComparison.Ordinal);
        var value = double.Parse(digits, CultureInfo.InvariantCulture);
        yield return value;
        var unit = number.Groups[2].Value;
        var seconds = unit switch
        {
            "ms" => 0.001,
            "s" or "second" or "seconds" => 1,
            "min" or "minute" or "minutes" => 60,
            "h" or "hour" or "hours" => 3600,
            "day" or "days" => 86_400,
            _ => 0d,
        };
        if (seconds > 0)
        {
            yield return Math.Round(value * seconds, 6);
            yield return Math.Round(value * seconds * 1000, 3);
            yield break;
        }

        var bytes = unit switch
        {
            "KiB" => 1024d,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "kB" => 1000,
            "MB" => 1e6,
            "GB" => 1e9,
            "%" => 0.01,
            _ => 0,
        };
        if (bytes > 0)
            yield return Math.Round(value * bytes, 6);
    }

    private static IEnumerable<Unit> Units(string[] lines)
    {
        var isCode = false;
        var (begin, text, above) = (0, new StringBuilder(), "");
        for (var at = 0; at <= lines.Length; at++)
        {
            var line = at < lines.Length ? lines[at] : "";
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            var isEnd = isCode || isFence || line.Trim().Length == 0 || line.StartsWith('#') || Item().IsMatch(line);
            if (isEnd && text.Length > 0)
            {
                yield return Of(begin, text.ToString(), above);
                text.Clear();
            }

            isCode ^= isFence;
            if (isCode || isFence)
                continue;
            if (line.Trim().Length == 0)
                above = "";
            else if (text.Length == 0 && Alone().IsMatch(line))
                above = line;
            else if (!line.StartsWith('#'))
                (begin, _) = (text.Length == 0 ? at + 1 : begin, text.Append(line).Append('\n'));
        }
    }

    private static Unit Of(int line, string text, string above)
    {
        var comments = Comment().Matches(text + above);
        var names = comments.Where(static one => one.Groups[1].Value == "check")
            .SelectMany(static one => one.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries)).ToList();
        // A row about an option is compared with the option.
        if (OptionRow().Match(text) is { Success: true } row)
            names.Add(row.Groups[1].Value);
        return new(line, Ordinal().Replace(Comment().Replace(text, ""), ""), names,
            comments.Any(static one => one.Groups[1].Value == "given"));
    }

    // What the fenced blocks of a section show may be named in its text: the blocks have tests of their own.
    private static HashSet<string>[] Examples(string[] lines)
    {
        var of = new HashSet<string>[lines.Length];
        var (isCode, section) = (false, new HashSet<string>());
        for (var at = 0; at < lines.Length; at++)
        {
            isCode ^= lines[at].TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (!isCode && lines[at].StartsWith("##", StringComparison.Ordinal))
                section = [];
            of[at] = section;
            if (isCode)
                section.UnionWith(Any().Matches(lines[at]).Select(static match => match.Value));
        }

        return of;
    }

    [GeneratedRegex(@"<!-- (check|given): (.+?) -->")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^ *<!-- (check|given): .+ -->$")]
    private static partial Regex Alone();

    [GeneratedRegex(@"^\s*(?:\||- |\d+\. )")]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s*\d+\. ")]
    private static partial Regex Ordinal();

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \|")]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"`[^`]*`|\]\([^)]*\)")]
    private static partial Regex CodeOrTarget();

    // Dates, revisions, versions, standards, status and exit codes, and codes of JSON-RPC are names and no amounts.
    [GeneratedRegex(@"\b\d{4}-\d\d(?:-\d\d)?\b|\b\d+\.\d+\.\d+\b|\bRFC \d+|\bISO \d+"
        + @"|\b(?:HTTP|TLS|OAuth|OpenAPI|version|release|since|SDK)[ /]v?\d(?:\.\d)?\b(?: and \d\.\d)?"
        + @"|(?:status|exits?|exit codes?|ends?|ended)(?: with| code)?:? \d\b"
        + @"|(?<![\d,.])\b(?:20[0-4]|30[1-8]|4[0-3]\d|50\d|5xx|4xx|2xx)\b"
        + @"(?! ?(?:ms|s|KiB|MiB|B|bytes|days|other)\b)(?![.,]\d)"
        + @"|[−-]\d{5}|\bports? \d+|[A-Za-z][A-Za-z.-]*[-/#]\d[\d.]*|\b\d+-bit"
        + @"|\b0\d{3}\b|/\d\d\b|(?<=[,;] )\d(?= (?:the|where|only|a person|for))")]
    private static partial Regex Exempt();

    [GeneratedRegex(@"(?<![\w.,:/-])(\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?)"
        + @"(?:[ \n]?(ms|s|seconds?|min|minutes?|h|hours?|days?|KiB|MiB|GiB|kB|MB|GB|%)(?!\w))?(?![\w])")]
    private static partial Regex Number();

    [GeneratedRegex(@"\d[\d.]*")]
    private static partial Regex Any();
}
