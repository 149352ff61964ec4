using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Gateway.Policy.Decisions;

namespace Gateway.Catalogue.Pinning;

/// <summary>What is known of one server's tools, in memory; replaced whole when the inventory is another.</summary>
internal sealed class PinnedServer(
    long version, FrozenDictionary<string, ToolStanding> standings, FrozenDictionary<string, AcceptedTool> accepted,
    FrozenDictionary<string, ToolDefinition> known)
{
    // Beyond, definitions are read again each time: slower, never wrong.
    private const int ReadMax = 20_000;
    private readonly ConcurrentDictionary<string, ToolVerdict> _read = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ToolStanding> _live = new(StringComparer.Ordinal);

    /// <summary>The version of the document that it was made of.</summary>
    public long Version => version;

    /// <summary>Of a call: what was last seen of the tool; one that no inventory has is not accepted.</summary>
    public ToolStanding Of(string tool) => _live.TryGetValue(tool, out var live)
        ? live
        : standings.GetValueOrDefault(tool, ToolStanding.Unaccepted);

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
        if (!_read.TryGetValue(key, out var verdict))
        {
            var now = ToolDefinition.Read(definition.ToArray());
            now = now?.Name == tool ? now : null;
            verdict = ToolVerdict.Of(now, accepted.GetValueOrDefault(tool));
            isUnknown = now is null || known.GetValueOrDefault(tool) != now;
            if (isUnknown)
                Note(tool, verdict.Standing);
            if (_read.Count < ReadMax)
                _read[key] = verdict;
        }

        return verdict.Standing;
    }

    // What was seen counts for calls at once; a name that lists make up is not remembered beyond the bound.
    private void Note(string tool, ToolStanding standing)
    {
        if (_live.Count < ReadMax || _live.ContainsKey(tool))
            _live[tool] = standing;
    }
}
