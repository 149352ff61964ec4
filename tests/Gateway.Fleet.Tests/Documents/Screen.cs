namespace Gateway.Fleet.Tests.Documents;

/// <summary>One command of a document and what the document says that it prints.</summary>
/// <param name="Day">The day, from 1, whose heading it stands under.</param>
/// <param name="Line">The line in the document, from 1.</param>
/// <param name="Command">What is typed, lines joined by line feeds.</param>
/// <param name="Printed">
/// What is printed, both streams together. <c>…</c> stands for any part of a line, a line of it for any lines.
/// </param>
internal sealed partial record Screen(int Day, int Line, string Command, IReadOnlyList<string> Printed)
{
    /// <summary>The screens of a document's console blocks, in their order.</summary>
    public static IReadOnlyList<Screen> Of(IEnumerable<DocumentBlock> blocks)
    {
        var screens = new List<Screen>();
        foreach (var block in blocks.Where(static block => block is { Language: "console", IsRun: true }))
        {
            var day = DayHeading().Match(block.Subsection) is { Success: true } match
                ? int.Parse(match.Groups[1].Value, null) : 1;
            for (var i = 0; i < block.Lines.Count; i++)
                Take(screens, day, block.Line + i, block.Lines[i]);
        }

        return screens;
    }

    /// <summary>True where this is what was printed; runs of spaces count as one, since columns move.</summary>
    public bool IsPrinted(string output)
    {
        var pattern = new StringBuilder("^");
        foreach (var line in Printed)
            pattern.Append(line.Trim() == "…" ? @"(?:[^\n]*\n)*?" : Pattern(line) + @"\n");
        var lines = output.Split('\n').Select(Squeezed).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        var text = string.Concat(lines.Select(line => line + "\n"));
        return Regex.IsMatch(text, pattern.Append('$').ToString(), RegexOptions.None, TimeSpan.FromSeconds(5));
    }

    private static void Take(List<Screen> screens, int day, int number, string line)
    {
        if (line.StartsWith("$ ", StringComparison.Ordinal))
            screens.Add(new Screen(day, number, line[2..], []));
        else if (screens[^1] is { Printed.Count: 0 } open && line.StartsWith("> ", StringComparison.Ordinal))
            screens[^1] = open with { Command = $"{open.Command}\n{line[2..]}" };
        else
            screens[^1] = screens[^1] with { Printed = [.. screens[^1].Printed, line] };
    }

    private static string Pattern(string line) =>
        Regex.Escape(Squeezed(line)).Replace("…", @"[^\n]*", StringComparison.Ordinal);

    private static string Squeezed(string line) => Spaces().Replace(line, " ").Trim();

    [GeneratedRegex(@"^Day (\d+)\b")]
    private static partial Regex DayHeading();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
