using Gateway.Mcp.Reading;

namespace Gateway.Mcp.Lists;

/// <summary>A list in a result: its member, its kind, and the member that names each entry.</summary>
internal sealed record ListMember(string Member, McpListKind Kind, string NamedBy)
{
    private static readonly MemberTable Names = new("tools", "prompts", "resources", "resourceTemplates");

    private static readonly ListMember[] All =
    [
        new("tools", McpListKind.Tools, "name"),
        new("prompts", McpListKind.Prompts, "name"),
        new("resources", McpListKind.Resources, "uri"),
        new("resourceTemplates", McpListKind.ResourceTemplates, "uriTemplate"),
    ];

    /// <summary>Returns the list that a client would read from this member, with or without regard to case.</summary>
    public static ListMember? Find(ReadOnlySpan<byte> member) =>
        Names.FindVariant(member) is >= 0 and var index ? All[index] : null;
}
