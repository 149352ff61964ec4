using System.Collections.Immutable;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>
/// Two patterns that can name one tool, of which neither is a part of the other: the longer one wins there, and what
/// the other says does not hold. A pattern within another is an exception that somebody meant.
/// </summary>
internal static class OverlappingPatternCheck
{
    /// <summary>Beyond this nothing is said: warnings are worth less than a load that takes long.</summary>
    private const long WorkMax = 20_000_000;

    public static void Run(ImmutableArray<ToolEntryDocument> tools, ProblemSink problems)
    {
        var patterns = tools.Where(static tool => !tool.Name.IsExact).ToArray();
        var work = 0L;
        for (var i = 0; i < patterns.Length; i++)
        {
            for (var j = i + 1; j < patterns.Length; j++)
            {
                var (one, other) = (patterns[i].Name, patterns[j].Name);
                work += GlobAlgebra.WorkOf(one, other);
                if (work > WorkMax)
                    return;
                // Of equal length they are an error already.
                if (one.LiteralLength != other.LiteralLength && GlobAlgebra.Intersect(one, other)
                    && !GlobAlgebra.Covers(one, other) && !GlobAlgebra.Covers(other, one))
                {
                    Report(patterns[i], patterns[j], problems);
                }
            }
        }
    }

    private static void Report(ToolEntryDocument one, ToolEntryDocument other, ProblemSink problems)
    {
        var (wins, loses) = one.Name.LiteralLength > other.Name.LiteralLength ? (one, other) : (other, one);
        problems.Warn(FindingKind.OverlappingPatterns, loses.NameOffset, loses.Pointer,
            $"\"{loses.Name}\" and \"{wins.Name}\" ({wins.Pointer}) can name one tool, and then only the longer one "
            + "holds: name such tools exactly");
    }
}
