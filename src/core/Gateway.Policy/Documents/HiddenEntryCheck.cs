using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Finds an entry with an exact name that is also hidden, which contradict each other.</summary>
internal static class HiddenEntryCheck
{
    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        var hidden = new PatternIndex<PatternDocument>(document.Hide.Select(static hide => (hide.Glob, hide)));
        foreach (var entry in document.Tools)
        {
            if (entry.Name.IsExact && hidden.Find(entry.Name.Text) is { } hide)
            {
                problems.Error(entry.NameOffset, entry.Pointer,
                    $"this tool is hidden by {hide.Pointer} (\"{hide.Glob}\"): remove the entry, or show the tool");
            }
        }
    }
}
