using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>resources</c> and <c>prompts</c>.</summary>
internal static class SectionReader
{
    public static SectionDocument? Read(JsonNode? node, string name, GlobStyle style, DocumentContext context)
    {
        if (node is null || MemberReader.Open(node, $"/{name}", $"\"{name}\"", context) is not { } members)
            return null;
        var choice = members.Choice(members.Optional("default"), "default", "allow", "deny");
        var section = new SectionDocument(
            members.Pointer,
            choice is null ? null : choice == "allow",
            PatternReader.ReadList(members, "allow", style),
            PatternReader.ReadList(members, "deny", style),
            ResultsReader.Read(members));
        members.RefuseOthers();
        if (style == GlobStyle.Uri)
            WarnOfAmbiguous(section, context.Problems);
        return section;
    }

    private static void WarnOfAmbiguous(SectionDocument section, ProblemSink problems)
    {
        foreach (var pattern in section.Allow.Where(static pattern => AmbiguousUri.Is(pattern.Glob.Text)))
        {
            problems.Warn(FindingKind.UnmatchedUri, pattern.Offset, pattern.Pointer,
                "no URI can match this: one with a dot segment, a backslash or an invisible character is ambiguous "
                + "and never allowed by a pattern");
        }
    }
}
