using System.Collections.Concurrent;
using Gateway.Mcp;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>What one server has listed to one grant, allowed or not: the table that calls are routed by.</summary>
/// <param name="server">The server.</param>
/// <param name="namesMax">Names of each kind; what comes after them is not reached here.</param>
internal sealed class Offers(string server, int namesMax)
{
    private readonly ConcurrentDictionary<string, string> _tools = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _prompts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ResourceTemplate> _templates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<McpListKind, long> _askedTicks = new();

    /// <summary>Whether it was asked for the list within a time; else it is taken to be now.</summary>
    public bool WasAskedWithin(McpListKind kind, TimeSpan time)
    {
        var now = Environment.TickCount64;
        if (_askedTicks.TryGetValue(kind, out var asked) && now - asked < time.TotalMilliseconds)
            return true;
        _askedTicks[kind] = now;
        return false;
    }

    /// <summary>It did not answer, so it may be asked again at once.</summary>
    public void WasNotAnswered(McpListKind kind) => _askedTicks.TryRemove(kind, out _);

    /// <summary>Takes an entry that the server listed.</summary>
    public void Add(McpListKind kind, string name)
    {
        if (kind == McpListKind.ResourceTemplates)
        {
            if (_templates.Count < namesMax)
                _templates.TryAdd(name, new ResourceTemplate(name));
            return;
        }

        var table = Table(kind);
        if (table.Count < namesMax)
            table.TryAdd(NameOf(kind, name), name);
    }

    /// <summary>How an entry is called here; null where it did not find room in the table.</summary>
    public string? Exposed(McpListKind kind, string name)
    {
        var exposed = NameOf(kind, name);
        var isKnown = kind == McpListKind.ResourceTemplates
            ? _templates.ContainsKey(name)
            : Table(kind).TryGetValue(exposed, out var original) && original == name;
        return isKnown ? exposed : null;
    }

    /// <summary>The server's own name for what is called so here; null for none.</summary>
    public string? Original(McpListKind kind, string exposed) => Table(kind).GetValueOrDefault(exposed);

    /// <summary>Whether the URI may have come of a template of the server's, or is one.</summary>
    public bool FitsTemplate(string uri) =>
        _templates.ContainsKey(uri) || _templates.Values.Any(template => template.Fits(uri));

    private string NameOf(McpListKind kind, string name) =>
        kind is McpListKind.Tools or McpListKind.Prompts ? ExposedName.Of(server, name) : name;

    private ConcurrentDictionary<string, string> Table(McpListKind kind) => kind switch
    {
        McpListKind.Tools => _tools,
        McpListKind.Prompts => _prompts,
        _ => _resources,
    };
}
