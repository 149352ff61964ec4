using System.Collections.Concurrent;
using Gateway.Mcp;
using Gateway.Proxy.Aggregation.Inner;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>The entries that a server has listed to one caller, allowed or not: the table for routing calls.</summary>
/// <param name="server">The server.</param>
/// <param name="namesMax">The maximum number of names per kind; any further names cannot be called here.</param>
/// <param name="time">The clock by which a list is requested again.</param>
internal sealed class Offers(string server, int namesMax, TimeProvider time)
{
    // The maximum number of waits of one caller: first for shared requests of other callers, then for its own.
    private const int RoundsMax = 3;

    /// <summary>
    /// The maximum number of characters that the templates of one server examine for one URI; about 10 ms of CPU time.
    /// </summary>
    private const long TemplateWorkMax = 8_000_000;

    private readonly ConcurrentDictionary<string, string> _tools = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _prompts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _resources = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ResourceTemplate> _templates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<McpListKind, OfferedList> _lists = new();

    /// <summary>
    /// Returns the server's response to a list request. Callers at the same time, and for a moment afterwards, share
    /// one request; its failure is returned to all of them, and only a later caller sends another.
    /// </summary>
    /// <param name="kind">The kind of list.</param>
    /// <param name="ask">Sends the request.</param>
    /// <param name="ended">Cancels the wait of this caller.</param>
    /// <remarks>
    /// Each round waits for a request, and the last one for a request of this caller's own, because a request may fail
    /// synchronously and a loop until success would never end.
    /// </remarks>
    public async Task<ServerAnswer> AskAsync(
        McpListKind kind, Func<Task<ServerAnswer>> ask, CancellationToken ended)
    {
        var own = new OfferedList(ask, time);
        for (var round = 1; ; round++)
        {
            ended.ThrowIfCancellationRequested();
            var list = round == RoundsMax
                ? own : _lists.AddOrUpdate(kind, own, (_, known) => known.IsOver ? own : known);
            try
            {
                return await list.Answer.WaitAsync(ended);
            }
            catch (OperationCanceledException) when (list != own && !ended.IsCancellationRequested)
            {
                // The caller that started the shared request has left.
            }
        }
    }

    /// <summary>
    /// Returns true if all pages of a list were requested from the server, regardless of its response.
    /// </summary>
    public bool WasAsked(McpListKind kind) =>
        _lists.TryGetValue(kind, out var list) && list.Answer.IsCompletedSuccessfully;

    /// <summary>Adds an entry that the server listed.</summary>
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

    /// <summary>Returns the name of an entry here, or null if the table had no room for it.</summary>
    public string? Exposed(McpListKind kind, string name)
    {
        var exposed = NameOf(kind, name);
        var isKnown = kind == McpListKind.ResourceTemplates
            ? _templates.ContainsKey(name)
            : Table(kind).TryGetValue(exposed, out var original) && original == name;
        return isKnown ? exposed : null;
    }

    /// <summary>Returns the server's own name for a name here, or null if there is none.</summary>
    public string? Original(McpListKind kind, string exposed) => Table(kind).GetValueOrDefault(exposed);

    /// <summary>Returns true if the URI may come from a template of the server, or is one.</summary>
    public bool FitsTemplate(string uri)
    {
        var work = TemplateWorkMax;
        return _templates.ContainsKey(uri) || _templates.Values.Any(template => template.Fits(uri, ref work));
    }

    private string NameOf(McpListKind kind, string name) =>
        kind is McpListKind.Tools or McpListKind.Prompts ? ExposedName.Of(server, name) : name;

    private ConcurrentDictionary<string, string> Table(McpListKind kind) => kind switch
    {
        McpListKind.Tools => _tools,
        McpListKind.Prompts => _prompts,
        McpListKind.Resources or McpListKind.ResourceTemplates => _resources,
        _ => throw new NotSupportedException($"McpListKind {kind} has no case here."),
    };
}
