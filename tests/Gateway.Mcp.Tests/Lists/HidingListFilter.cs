using Gateway.Mcp.Lists;

namespace Gateway.Mcp.Tests.Lists;

/// <summary>Hides the names that it is given.</summary>
internal sealed class HidingListFilter(params string[] hidden) : IListFilter
{
    public bool IsListed(McpListKind kind, string name) => !hidden.Contains(name);
}
