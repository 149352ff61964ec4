namespace Gateway.Fleet.Tests.Documents;

/// <summary>A fenced block of a document.</summary>
/// <param name="Subsection">The text of the heading of the third level above it; empty where there is none.</param>
/// <param name="Language">The language named at its fence.</param>
/// <param name="IsRun">False where the document says that it is not run, with the reason.</param>
/// <param name="Line">The line of its first line in the document, from 1.</param>
/// <param name="Lines">Its lines, without the fence's indentation.</param>
internal sealed record DocumentBlock(
    string Subsection, string Language, bool IsRun, int Line, IReadOnlyList<string> Lines)
{
    private const string Fence = "```";

    public static IEnumerable<DocumentBlock> In(string file)
    {
        var (subsection, before) = ("", "");
        DocumentBlock? open = null;
        var (number, indentation) = (0, 0);
        foreach (var line in File.ReadLines(file))
        {
            number++;
            var text = line.TrimStart();
            if (open is null && text.StartsWith(Fence, StringComparison.Ordinal))
            {
                var isRun = !before.StartsWith("<!-- not run", StringComparison.Ordinal);
                open = new DocumentBlock(subsection, text[Fence.Length..].Trim(), isRun, number + 1, []);
                indentation = line.Length - text.Length;
            }
            else if (open is not null && text.TrimEnd() == Fence)
            {
                yield return open;
                open = null;
            }
            else if (open is not null)
                open = open with { Lines = [.. open.Lines, line[Math.Min(indentation, line.Length - text.Length)..]] };
            else if (line.StartsWith("## ", StringComparison.Ordinal))
                subsection = "";
            else if (line.StartsWith("### ", StringComparison.Ordinal))
                subsection = line[4..];
            before = text;
        }
    }
}
