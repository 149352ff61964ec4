using System.Collections.Concurrent;
using Gateway.Mcp;
using Gateway.Proxy.Aggregation.Inner;

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
    private readonly ConcurrentDictionary<McpListKind, OfferedList> _lists = new();

    /// <summary>
    /// Its answer to being asked for a list: whoever comes meanwhile, or a moment later, gets the same.
    /// </summary>
    /// <param name="kind">Of what.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="ended">Ends the wait of this caller.</param>
    public async Task<ServerAnswer> AskAsync(
        McpListKind kind, Func<Task<ServerAnswer>> ask, CancellationToken ended)
    {
        while (true)
        {
            var known = _lists.GetOrAdd(kind, _ => new OfferedList(ask));
            if (known.IsOver)
            {
                _lists.TryRemove(KeyValuePair.Create(kind, known));
                continue;
            }

            try
            {
                return await known.Answer.WaitAsync(ended);
            }
            catch (OperationCanceledException) when (!ended.IsCancellationRequested)
            {
                // Whoever asked has gone.
            }
        }
    }

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
