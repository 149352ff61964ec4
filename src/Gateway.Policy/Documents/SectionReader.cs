using Gateway.Policy.Json;
using Gateway.Policy.Patterns;

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
            PatternReader.ReadList(members, "deny", style));
        members.RefuseOthers();
        return section;
    }
}
