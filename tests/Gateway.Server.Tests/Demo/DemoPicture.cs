using System.Security;

namespace Gateway.Server.Tests.Demo;

/// <summary>The picture of the demo's terminal in README.md, made from what the demo prints.</summary>
internal static partial class DemoPicture
{
    private const int Left = 16;
    private const int LineHeight = 19;
    private const int Width = 860;
    private const int Columns = 100;

    /// <summary>Where a terminal's table continues the text of a call.</summary>
    private const int TextColumn = 44;

    /// <summary>Compares the picture's text with the output, or writes the picture; times differ in each run.</summary>
    public static void AssertCurrent(IReadOnlyList<string> printed)
    {
        var path = SourceTree.PathOf("docs", "demo.svg");
        var now = Write(Shortened(printed));
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1")
            File.WriteAllText(path, now);
        Assert.Equal(TextOf(now), TextOf(File.ReadAllText(path)));
    }

    /// <summary>The table of calls with one call of each outcome, and the numbers below it.</summary>
    private static List<string> Shortened(IReadOnlyList<string> printed)
    {
        var lines = new List<string> { "$ gateway demo --once" };
        var (outcome, isShown) = ("", true);
        foreach (var line in printed.SkipWhile(static line => !line.StartsWith("call ", StringComparison.Ordinal)))
        {
            if (Call().Match(line) is { Success: true } call)
            {
                isShown = call.Groups[1].Value != outcome;
                if (!isShown && lines[^1] != "  …")
                    lines.Add("  …");
                outcome = call.Groups[1].Value;
            }
            else if (line.Contains("agent sent", StringComparison.Ordinal))
            {
                isShown = true;
                lines.Add("");
            }

            if (isShown)
                lines.AddRange(Wrapped(line.TrimEnd()));
        }

        return lines;
    }

    private static IEnumerable<string> Wrapped(string line)
    {
        while (line.Length > Columns)
        {
            var end = line.LastIndexOf(' ', Columns);
            yield return line[..end];
            line = new string(' ', TextColumn) + line[(end + 1)..];
        }

        yield return line;
    }

    private static string Write(List<string> lines)
    {
        var height = (lines.Count + 2) * LineHeight;
        var svg = new StringBuilder($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" role="img">
            <title>gateway demo --once: 10 of 25 calls are admitted, 15 are rate-limited, and one is denied</title>
            <rect width="{Width}" height="{height}" rx="8" fill="#1b1f24"/>
            <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#d7dde4">

            """);
        for (var at = 0; at < lines.Count; at++)
        {
            // Viewers differ in xml:space and white-space; a no-break space keeps its width in all of them.
            var line = SecurityElement.Escape(lines[at])!.Replace(' ', '\u00a0');
            var text = Outcome().Replace(line, static match =>
                $"<tspan fill=\"{ColorOf(match.Value)}\">{match.Value}</tspan>");
            svg.Append($"<text x=\"{Left}\" y=\"{(at + 2) * LineHeight}\">{text}</text>\n");
        }

        return svg.Append("</g>\n</svg>\n").ToString();
    }

    private static string ColorOf(string outcome) => outcome switch
    {
        "admitted" => "#6cc77a",
        "rate-limited" => "#e3b341",
        _ => "#f0776c",
    };

    private static string TextOf(string svg)
    {
        var text = Tag().Replace(string.Join(' ', Line().Matches(svg).Select(static line => line.Value)), "");
        return Time().Replace(Blank().Replace(text, " "), "…");
    }

    [GeneratedRegex(@"^ *\d+  \S+ +(admitted|rate-limited|denied) ")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<=\s\s)(?:admitted|rate-limited|denied)(?=\s\s)")]
    private static partial Regex Outcome();

    [GeneratedRegex("<text.*?</text>")]
    private static partial Regex Line();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:]+Z|\d+ s\b")]
    private static partial Regex Time();
}
