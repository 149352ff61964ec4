using System.Collections.Immutable;
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
                "no URI can match this pattern: a URI with a dot segment, a backslash or an invisible character is "
                + "ambiguous, and no pattern allows it");
        }
    }
}

/// <summary><c>resources</c> or <c>prompts</c> as written.</summary>
/// <param name="Pointer">JSON Pointer to the section.</param>
/// <param name="DefaultAllows">The section's default; null if the document's default applies.</param>
/// <param name="Allow">The allowed names.</param>
/// <param name="Deny">The denied names, which override <paramref name="Allow"/>.</param>
/// <param name="Results">The rules for responses.</param>
internal sealed record SectionDocument(
    string Pointer,
    bool? DefaultAllows,
    ImmutableArray<PatternDocument> Allow,
    ImmutableArray<PatternDocument> Deny,
    ResultsDocument Results);
