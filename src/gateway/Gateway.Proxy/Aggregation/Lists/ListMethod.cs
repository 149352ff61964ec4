using System.Collections.Immutable;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>A list that several servers answer as one.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Kind">What it lists.</param>
/// <param name="Member">Where its entries stand in the result.</param>
/// <param name="NameMember">What names an entry.</param>
internal sealed record ListMethod(string Method, McpListKind Kind, string Member, string NameMember)
{
    private static readonly ImmutableArray<ListMethod> All =
    [
        new(McpMethods.ToolsList, McpListKind.Tools, "tools", "name"),
        new(McpMethods.PromptsList, McpListKind.Prompts, "prompts", "name"),
        new(McpMethods.ResourcesList, McpListKind.Resources, "resources", "uri"),
        new(McpMethods.ResourcesTemplatesList, McpListKind.ResourceTemplates, "resourceTemplates", "uriTemplate"),
    ];

    /// <summary>The list of a method; null where it is none.</summary>
    public static ListMethod? Of(string method) => All.FirstOrDefault(list => list.Method == method);

    /// <summary>The list of a kind.</summary>
    public static ListMethod Of(McpListKind kind) => All.First(list => list.Kind == kind);
}
