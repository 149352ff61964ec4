using System.Collections.Immutable;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>A list that several servers provide as one.</summary>
/// <param name="Method">The method that requests it.</param>
/// <param name="Kind">The kind of its entries.</param>
/// <param name="Member">The member of the result that contains the entries.</param>
/// <param name="NameMember">The member that identifies an entry.</param>
internal sealed record ListMethod(string Method, McpListKind Kind, string Member, string NameMember)
{
    private static readonly ImmutableArray<ListMethod> All =
    [
        new(McpMethods.ToolsList, McpListKind.Tools, "tools", "name"),
        new(McpMethods.PromptsList, McpListKind.Prompts, "prompts", "name"),
        new(McpMethods.ResourcesList, McpListKind.Resources, "resources", "uri"),
        new(McpMethods.ResourcesTemplatesList, McpListKind.ResourceTemplates, "resourceTemplates", "uriTemplate"),
    ];

    /// <summary>Returns the list of a method, or null if it is not a list method.</summary>
    public static ListMethod? Of(string method) => All.FirstOrDefault(list => list.Method == method);

    /// <summary>Returns the list of a kind.</summary>
    public static ListMethod Of(McpListKind kind) => All.First(list => list.Kind == kind);
}
