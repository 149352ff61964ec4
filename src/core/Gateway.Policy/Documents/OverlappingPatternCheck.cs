using System.Collections.Immutable;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>
/// Finds two patterns that can match one tool without one containing the other. The longer one then applies, and the
/// rules of the other do not. A pattern within another is assumed to be an intended exception.
/// </summary>
internal static class OverlappingPatternCheck
{
    /// <summary>Beyond this the check is skipped: a warning is not worth a slow load.</summary>
    private const long WorkMax = 20_000_000;

    public static void Run(ImmutableArray<ToolEntryDocument> tools, ProblemSink problems)
    {
        // In sorted order, the patterns whose literal beginning could agree with one of them follow it directly.
        var sorted = tools.Where(static tool => !tool.Name.IsExact)
            .OrderBy(static tool => tool.Name.Prefix, StringComparer.Ordinal).ToArray();
        var found = new List<(ToolEntryDocument First, ToolEntryDocument Second)>();
        var work = 0L;
        for (var i = 0; i < sorted.Length && work <= WorkMax; i++)
        {
            var (one, prefix) = (sorted[i].Name, sorted[i].Name.Prefix);
            for (var j = i + 1; j < sorted.Length && work <= WorkMax; j++)
            {
                var other = sorted[j].Name;
                if (!other.Prefix.StartsWith(prefix, StringComparison.Ordinal))
                    break;
                work += GlobAlgebra.WorkOf(one, other);
                // Patterns of equal length are already an error.
                if (one.LiteralLength != other.LiteralLength && GlobAlgebra.Intersect(one, other)
                    && !GlobAlgebra.Covers(one, other) && !GlobAlgebra.Covers(other, one))
                {
                    found.Add(sorted[i].NameOffset < sorted[j].NameOffset
                        ? (sorted[i], sorted[j]) : (sorted[j], sorted[i]));
                }
            }
        }

        foreach (var (one, other) in found.OrderBy(static pair => pair.First.NameOffset)
            .ThenBy(static pair => pair.Second.NameOffset))
        {
            Report(one, other, problems);
        }
    }

    private static void Report(ToolEntryDocument one, ToolEntryDocument other, ProblemSink problems)
    {
        var (wins, loses) = one.Name.LiteralLength > other.Name.LiteralLength ? (one, other) : (other, one);
        problems.Warn(FindingKind.OverlappingPatterns, loses.NameOffset, loses.Pointer,
            $"\"{loses.Name}\" and \"{wins.Name}\" ({wins.Pointer}) can match the same tool, and then only the longer "
                + "pattern applies: give such tools entries with their exact names");
    }
}
