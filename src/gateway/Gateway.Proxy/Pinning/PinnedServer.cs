using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>The tools of one server in memory; replaced as a whole when its inventory changes.</summary>
public sealed class PinnedServer(
    long version, FrozenDictionary<string, ToolStanding> standings, FrozenDictionary<string, AcceptedTool> accepted,
    FrozenDictionary<string, ToolDefinition> known, ListedNames tools, ListedNames prompts, DateTimeOffset since)
{
    // Beyond this bound, definitions are parsed again each time: slower, but correct.
    private const int ReadMax = 20_000;
    private readonly ConcurrentDictionary<string, ToolStanding> _read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ToolStanding> _live = new(StringComparer.Ordinal);

    /// <summary>The accepted apps, by the URI of their page.</summary>
    public FrozenDictionary<string, AcceptedApp> Apps { get; init; } = FrozenDictionary<string, AcceptedApp>.Empty;

    /// <summary>The number of prompts, resources and templates that are new, changed or suspicious.</summary>
    public int DriftedItems { get; init; }

    /// <summary>The tools whose findings nobody has accepted.</summary>
    public FrozenSet<string> Suspicious { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The version of the document that it was created from.</summary>
    public long Version => version;

    /// <summary>The tools of the inventory that are not accepted.</summary>
    public ToolBarriers Barriers { get; } = ToolBarriers.Of(standings, accepted);

    /// <summary>The tools as last listed.</summary>
    public FrozenDictionary<string, ToolDefinition> Known => known;

    /// <summary>The time since which it is known.</summary>
    public DateTimeOffset Since => since;

    /// <summary>
    /// Returns the standing of a tool for a call, as last seen; a tool that no inventory has is not accepted.
    /// </summary>
    public ToolStanding Of(string tool) => _live.TryGetValue(tool, out var live)
        ? live
        : standings.GetValueOrDefault(tool, ToolStanding.Unaccepted);

    /// <summary>
    /// Returns the class that was accepted with the definition of a tool; uncertain unless the current definition has
    /// the given standing because it is the accepted one.
    /// </summary>
    public ToolClass ClassOf(string tool, ToolStanding standing) =>
        standing == ToolStanding.Accepted && accepted.TryGetValue(tool, out var known) && known.Class is { } found
            ? found.Value
            : ToolClass.Uncertain;

    /// <summary>Returns the accepted version of a tool; null if there is none.</summary>
    public AcceptedTool? AcceptedOf(string tool) => accepted.GetValueOrDefault(tool);

    /// <summary>Returns the relation of a name to the tools or prompts that the server lists.</summary>
    public NameListing ListingOf(string name, bool isPrompt) => (isPrompt ? prompts : tools).Of(name);

    /// <summary>Returns the hash of the tool's contract, or null if it is unknown or another one was seen.</summary>
    public string? ContractOf(string tool) =>
        _live.ContainsKey(tool) ? null : known.GetValueOrDefault(tool)?.Contract;

    /// <summary>Returns the standing of a definition as it appears in a list now.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="definition">The definition as raw JSON.</param>
    /// <param name="isUnknown">True if the inventory has another definition or none.</param>
    public ToolStanding Of(string tool, ReadOnlySpan<byte> definition, out bool isUnknown)
    {
        isUnknown = false;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(definition, digest);
        var key = Convert.ToHexString(digest);
        if (!_read.TryGetValue(key, out var standing))
        {
            var now = ToolDefinition.Read(definition.ToArray());
            now = now?.Name == tool ? now : null;
            isUnknown = now is null || known.GetValueOrDefault(tool) != now;
            standing = isUnknown
                ? ToolEvaluation.Of(
                    now, accepted.GetValueOrDefault(tool), DefinitionScanner.Scan(Encoding.UTF8.GetString(definition)))
                    .Standing
                : standings[tool];
            if (isUnknown)
                Note(tool, standing);
            if (_read.Count < ReadMax)
                _read[key] = standing;
        }

        return standing;
    }

    // A new definition applies to calls at once; names that lists invent are not remembered beyond the bound.
    private void Note(string tool, ToolStanding standing)
    {
        if (_live.Count >= ReadMax && !_live.ContainsKey(tool))
            return;
        _live[tool] = standing;
        tools.Add(tool);
    }
}
