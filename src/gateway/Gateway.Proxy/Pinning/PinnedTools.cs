using System.Collections.Frozen;
using System.Text;
using System.Threading.Channels;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>
/// The accepted tools of all servers, in memory, for the evaluation of calls and lists. A server whose inventory was
/// not read yet has no accepted tools, so that <c>"pin": "deny"</c> refuses.
/// </summary>
public sealed class PinnedTools
{
    private const int SeenMax = 256;

    private readonly Channel<SeenDefinition> _seen = Channel.CreateBounded<SeenDefinition>(
        new BoundedChannelOptions(SeenMax) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile FrozenDictionary<string, PinnedServer> _servers = FrozenDictionary<string, PinnedServer>.Empty;

    /// <summary>Returns the standing of a tool for the evaluation of a call.</summary>
    public ToolStanding Of(string server, string tool) =>
        _servers.TryGetValue(server, out var known) ? known.Of(tool) : ToolStanding.Unaccepted;

    /// <summary>
    /// Returns the accepted class of a tool with this standing. Without an inventory, and for a tool whose definition
    /// is not the accepted one, it is uncertain.
    /// </summary>
    public ToolClass ClassOf(string server, string tool, ToolStanding standing) =>
        _servers.TryGetValue(server, out var known) ? known.ClassOf(tool, standing) : ToolClass.Uncertain;

    /// <summary>Returns the accepted class of a tool for the evaluation of a call.</summary>
    public ToolClass ClassOf(string server, string tool) => ClassOf(server, tool, Of(server, tool));

    /// <summary>
    /// Returns the accepted version of a tool, whose definition may have changed; null if there is none.
    /// </summary>
    public AcceptedTool? AcceptedOf(string server, string tool) =>
        _servers.TryGetValue(server, out var known) ? known.AcceptedOf(tool) : null;

    /// <summary>Returns the accepted page of an app; null if there is none.</summary>
    public AcceptedApp? AppOf(string server, string uri) =>
        _servers.TryGetValue(server, out var known) ? known.Apps.GetValueOrDefault(uri) : null;

    /// <summary>Returns true if the inventory of a server has a tool of this name.</summary>
    public bool IsKnown(string server, string tool) =>
        _servers.TryGetValue(server, out var known) && known.Known.ContainsKey(tool);

    /// <summary>Returns the tools of the inventory of a server; none if it is not known.</summary>
    public IReadOnlyCollection<string> NamesOf(string server) =>
        _servers.TryGetValue(server, out var known) ? known.Known.Keys : [];

    /// <summary>Returns the relation of the name of a tool or prompt to those that the server lists.</summary>
    public NameListing ListingOf(string server, string name, bool isPrompt = false) =>
        _servers.TryGetValue(server, out var known) ? known.ListingOf(name, isPrompt) : NameListing.Unknown;

    /// <summary>
    /// Returns the hash of a tool's current name, description and schemas, 64 hexadecimal digits; null if the inventory
    /// has none, or if a list has since shown another one.
    /// </summary>
    public string? ContractOf(string server, string tool) =>
        _servers.TryGetValue(server, out var known) ? known.ContractOf(tool) : null;

    /// <summary>
    /// Raised after the inventory of a server was replaced, so that the accepted or blocked tools may differ.
    /// </summary>
    public event Action? Replaced;

    /// <summary>
    /// Returns the tools of a server that are hidden because of their standing; null if nothing is known of it.
    /// </summary>
    public ToolBarriers? BarriersOf(string server) =>
        _servers.TryGetValue(server, out var known) ? known.Barriers : null;

    /// <summary>Returns the number of a server's prompts, resources and templates that nobody accepted.</summary>
    public int DriftedItemsOf(string server) =>
        _servers.TryGetValue(server, out var known) ? known.DriftedItems : 0;

    /// <summary>Returns true if the definition of a tool has findings that nobody has accepted.</summary>
    public bool IsSuspicious(string server, string tool) =>
        _servers.TryGetValue(server, out var known) && known.Suspicious.Contains(tool);

    /// <summary>Returns the number of those tools of a server that only <c>"pin": "deny"</c> hides.</summary>
    public int SuspiciousOf(string server) => _servers.TryGetValue(server, out var known)
        ? known.Suspicious.Count(tool => known.Of(tool) == ToolStanding.Unaccepted) : 0;

    /// <summary>Returns the standing of a list entry, and reports an unknown one.</summary>
    public ToolStanding Of(string server, string tool, ReadOnlySpan<byte> definition)
    {
        if (!_servers.TryGetValue(server, out var known))
        {
            return ToolEvaluation.Of(
                ToolDefinition.Read(definition.ToArray()), null,
                DefinitionScanner.Scan(Encoding.UTF8.GetString(definition))).Standing;
        }

        var standing = known.Of(tool, definition, out var isUnknown);
        if (isUnknown)
        {
            _seen.Writer.TryWrite(
                new SeenDefinition(server, tool, Encoding.UTF8.GetString(definition), known.Version));
        }

        return standing;
    }

    /// <summary>Reports that a server has announced a change of its lists.</summary>
    public void Changed(string server) => _seen.Writer.TryWrite(new SeenDefinition(server, "", "", 0));

    /// <summary>The list entries that the inventory lacks; an empty name marks a server whose lists changed.</summary>
    public ChannelReader<SeenDefinition> Seen => _seen.Reader;

    /// <summary>Returns true if the inventory that lacked a definition is still the current one.</summary>
    public bool IsCurrent(SeenDefinition seen) =>
        _servers.TryGetValue(seen.Server, out var known) && known.Version == seen.Version;

    /// <summary>Returns every server but one.</summary>
    public IEnumerable<KeyValuePair<string, PinnedServer>> Others(string server) =>
        _servers.Where(one => one.Key != server);

    /// <summary>Returns the version of the inventory in memory; 0 if there is none.</summary>
    public long VersionOf(string server) => _servers.TryGetValue(server, out var known) ? known.Version : 0;

    /// <summary>Replaces the servers that changed, and removes those that are not in <paramref name="all"/>.</summary>
    public void Replace(IReadOnlyDictionary<string, PinnedServer> changed, IReadOnlySet<string> all)
    {
        _servers = _servers.Where(one => all.Contains(one.Key) && !changed.ContainsKey(one.Key)).Concat(changed)
            .ToFrozenDictionary(StringComparer.Ordinal);
        if (changed.Count > 0)
            Replaced?.Invoke();
    }
}

/// <summary>The tools of a server that its inventory hides, as text that is equal if the tools are equal.</summary>
/// <param name="Blocked">The tools that every policy hides.</param>
/// <param name="Unaccepted">The tools that <c>"pin": "deny"</c> hides too.</param>
public sealed record ToolBarriers(string Blocked, string Unaccepted)
{
    private const char Separator = '\n';

    /// <summary>The number of blocked tools.</summary>
    public int BlockedCount => Count(Blocked);

    /// <summary>The number of tools that are not accepted.</summary>
    public int UnacceptedCount => Count(Unaccepted);

    /// <summary>The number of those tools of which no version was ever accepted.</summary>
    public int NewCount { get; private init; }

    /// <summary>The accepted classes, on which the lists of a policy with rules by class depend.</summary>
    public string Classes { get; private init; } = "";

    internal static ToolBarriers Of(
        IReadOnlyDictionary<string, ToolStanding> standings, IReadOnlyDictionary<string, AcceptedTool> accepted) =>
        new(Names(standings, ToolStanding.Blocked), Names(standings, ToolStanding.Unaccepted))
        {
            NewCount = standings.Count(one =>
                one.Value == ToolStanding.Unaccepted && !accepted.ContainsKey(one.Key)),
            Classes = string.Join(Separator, accepted.Where(static one => one.Value.Class is not null)
                .Select(static one => $"{one.Value.Class!.Name} {one.Key}").Order(StringComparer.Ordinal)),
        };

    private static string Names(IReadOnlyDictionary<string, ToolStanding> standings, ToolStanding standing) =>
        string.Join(Separator, standings.Where(one => one.Value == standing).Select(static one => one.Key)
            .Order(StringComparer.Ordinal));

    private static int Count(string names) => names.Length == 0 ? 0 : names.AsSpan().Count(Separator) + 1;
}

/// <summary>A definition in a list for an agent that the inventory does not have.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Definition">The full definition, as JSON.</param>
/// <param name="Version">The version of the inventory that did not have it.</param>
public sealed record SeenDefinition(string Server, string Tool, string Definition, long Version);
