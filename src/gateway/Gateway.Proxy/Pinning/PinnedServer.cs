using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>What is known of one server's tools, in memory; replaced whole when the inventory is another.</summary>
public sealed class PinnedServer(
    long version, FrozenDictionary<string, ToolStanding> standings, FrozenDictionary<string, AcceptedTool> accepted,
    FrozenDictionary<string, ToolDefinition> known, ListedNames tools, ListedNames prompts, DateTimeOffset since)
{
    // Beyond, definitions are read again each time: slower, never wrong.
    private const int ReadMax = 20_000;
    private readonly ConcurrentDictionary<string, ToolStanding> _read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ToolStanding> _live = new(StringComparer.Ordinal);

    /// <summary>The version of the document that it was made of.</summary>
    public long Version => version;

    /// <summary>Which tools the inventory has that are not accepted.</summary>
    public ToolBarriers Barriers { get; } = ToolBarriers.Of(standings);

    /// <summary>Its tools as they were last listed.</summary>
    public FrozenDictionary<string, ToolDefinition> Known => known;

    /// <summary>Since when it is known.</summary>
    public DateTimeOffset Since => since;

    /// <summary>Of a call: what was last seen of the tool; one that no inventory has is not accepted.</summary>
    public ToolStanding Of(string tool) => _live.TryGetValue(tool, out var live)
        ? live
        : standings.GetValueOrDefault(tool, ToolStanding.Unaccepted);

    /// <summary>How a name relates to the tools, or prompts, that the server lists.</summary>
    public NameListing ListingOf(string name, bool isPrompt) => (isPrompt ? prompts : tools).Of(name);

    /// <summary>What the tool promises; null where that is not known, or another was seen.</summary>
    public string? ContractOf(string tool) =>
        _live.ContainsKey(tool) ? null : known.GetValueOrDefault(tool)?.Contract;

    /// <summary>Of a definition as a list has it at this moment.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="definition">As raw JSON.</param>
    /// <param name="isUnknown">Whether the inventory has another, or none.</param>
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
                ? ToolVerdict.Of(
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

    // What was seen counts for calls at once; a name that lists make up is not remembered beyond the bound.
    private void Note(string tool, ToolStanding standing)
    {
        if (_live.Count >= ReadMax && !_live.ContainsKey(tool))
            return;
        _live[tool] = standing;
        tools.Add(tool);
    }
}
