using Gateway.Mcp;
using Gateway.Mcp.Lists;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Proxy.Forwarding;

/// <summary>Filters a server's lists by the grant's policy: what a call would be denied is not shown.</summary>
internal sealed class PolicyListFilter(PolicyBinding binding) : IListFilter
{
    public bool IsListed(McpListKind kind, string name) =>
        (kind != McpListKind.Tools || VisibleText.IsClear(name)) && PolicyEngine.IsListed(binding, Kind(kind), name);

    private static ListKind Kind(McpListKind kind) => kind switch
    {
        McpListKind.Tools => ListKind.Tools,
        McpListKind.Prompts => ListKind.Prompts,
        McpListKind.Resources => ListKind.Resources,
        _ => ListKind.ResourceTemplates,
    };
}
