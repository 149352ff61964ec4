using System.Collections.Immutable;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>
/// Refuses two patterns of equal specificity that can both match one name, since neither takes precedence.
/// </summary>
internal static class AmbiguousPatternCheck
{
    // Pairs × tokens × tokens. Under a second of work; no handwritten document reaches it.
    private const long WorkMax = 100_000_000;

    public static void Run(ImmutableArray<ToolEntryDocument> tools, ProblemSink problems)
    {
        var work = 0L;
        var patterns = tools.Where(static tool => !tool.Name.IsExact);
        foreach (var equals in patterns.GroupBy(static tool => tool.Name.LiteralLength))
        {
            // In sorted order, the patterns whose literal beginning could agree with one of them follow it directly.
            var sorted = equals.OrderBy(static tool => tool.Name.Prefix, StringComparer.Ordinal).ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                for (var j = i + 1; j < sorted.Length && CanFollow(sorted[i].Name, sorted[j].Name); j++)
                {
                    work += GlobAlgebra.WorkOf(sorted[i].Name, sorted[j].Name);
                    if (work > WorkMax)
                    {
                        problems.Error(sorted[i].NameOffset, sorted[i].Pointer,
                            "there are too many patterns of equal specificity to compare: use fewer patterns, or "
                                + "longer ones");
                        return;
                    }

                    if (GlobAlgebra.Intersect(sorted[i].Name, sorted[j].Name))
                        Report(sorted[i], sorted[j], problems);
                }
            }
        }
    }

    private static bool CanFollow(Glob first, Glob second) =>
        second.Prefix.StartsWith(first.Prefix, StringComparison.Ordinal);

    private static void Report(ToolEntryDocument one, ToolEntryDocument other, ProblemSink problems)
    {
        var (first, second) = one.NameOffset < other.NameOffset ? (one, other) : (other, one);
        problems.Error(second.NameOffset, second.Pointer,
            $"\"{second.Name}\" and \"{first.Name}\" ({first.Pointer}) can match the same name and are equally "
            + "specific: make one of the patterns longer, or name the tool exactly");
    }
}
