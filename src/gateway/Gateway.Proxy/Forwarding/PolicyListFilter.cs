using Gateway.Control.Virtual;
using Gateway.Mcp;
using Gateway.Mcp.Lists;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Apps;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Results;

namespace Gateway.Proxy.Forwarding;

/// <summary>
/// The filter of a server's lists by the grant's policy: entries whose calls would be denied are hidden.
/// </summary>
/// <param name="binding">The grant's policy.</param>
/// <param name="pinned">The accepted tools.</param>
/// <param name="see">Receives each tool that is shown; null if not needed.</param>
/// <param name="listed">
/// Receives the name of each entry as the client sees it, shown or not; null if not needed.
/// </param>
/// <param name="tools">
/// The grant's virtual tools, which replace the tools that they cover; null if there are none.
/// </param>
/// <param name="toolListed">Receives the name of each tool as the server has it; null if not needed.</param>
/// <param name="caller">The caller that receives the lists; null for a grant's own token.</param>
internal sealed class PolicyListFilter(
    PolicyBinding binding, PinnedTools pinned, SeenTool? see = null, Action<McpListKind, string>? listed = null,
    VirtualTools? tools = null, Action<string>? toolListed = null, Caller? caller = null)
    : IListFilter
{
    private readonly AppFilter? _apps = AppFilter.Of(binding, pinned, null);

    /// <summary>True if the client declares that it shows apps; null if unknown.</summary>
    public bool? ShowsApps
    {
        init => _apps = AppFilter.Of(binding, pinned, value);
    }

    public bool IsListed(McpListKind kind, string name)
    {
        if (kind == McpListKind.Tools)
            toolListed?.Invoke(name);
        if (kind != McpListKind.Tools || tools?.Covers(binding.Server, name) != true)
            listed?.Invoke(kind, name);
        else
        {
            foreach (var tool in tools.Of(binding.Server, name))
                listed?.Invoke(kind, tool.Name);
        }

        return (kind != McpListKind.Tools || VisibleText.IsClear(name))
            // The class of a tool depends on the definition in the list, so IsShown decides.
            && ((kind == McpListKind.Tools && binding.HasClasses)
                || PolicyEngine.IsListed(binding, Kind(kind), name, listing: kind == McpListKind.Prompts
                    ? pinned.ListingOf(binding.Server, name, isPrompt: true) : null, caller: caller));
    }

    public bool IsShown(McpListKind kind, string name, ReadOnlySpan<byte> entry)
    {
        if (kind != McpListKind.Tools)
            return true;
        var standing = pinned.Of(binding.Server, name, entry);
        if (!PolicyEngine.IsListed(
            binding, ListKind.Tools, name, standing, pinned.ListingOf(binding.Server, name) with { IsListed = true },
            caller, binding.HasClasses ? pinned.ClassOf(binding.Server, name, standing) : default))
            return false;
        see?.Invoke(name, entry);
        return true;
    }

    public byte[][]? Rewritten(McpListKind kind, string name, ReadOnlySpan<byte> entry)
    {
        if (kind != McpListKind.Tools)
            return kind != McpListKind.Prompts && _apps?.Resource(name, entry) is { } narrowed ? [narrowed] : null;
        if (tools?.Covers(binding.Server, name) != true)
            return _apps?.Tool(entry) is { } tool ? Shown(tool) : null;
        var shown = new List<byte[]>();
        foreach (var tool in tools.Of(binding.Server, name))
        {
            if (tool.Shown(entry) is { } definition)
                shown.AddRange(Shown(_apps?.Tool(definition) ?? definition));
        }

        return [.. shown];
    }

    private static byte[][] Shown(byte[] entry) => entry.Length == 0 ? [] : [entry];

    private static ListKind Kind(McpListKind kind) => kind switch
    {
        McpListKind.Tools => ListKind.Tools,
        McpListKind.Prompts => ListKind.Prompts,
        McpListKind.Resources => ListKind.Resources,
        McpListKind.ResourceTemplates => ListKind.ResourceTemplates,
        _ => throw new NotSupportedException($"McpListKind {kind} has no case here."),
    };
}
