using System.Collections.Concurrent;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// Keeps tool names as labels bounded. An agent chooses the name in its call, so a name becomes a label of its own only
/// where the policy names it or once a call by it was allowed, and only so many a server; the rest count together.
/// </summary>
internal sealed class ToolLabels
{
    public const int ToolsMax = 500;
    public const string Other = "(other)";
    private const string EntryPrefix = "/tools/";

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, string>> _servers =
        new(StringComparer.Ordinal);

    /// <summary>The label for a tool whose call <paramref name="rule"/> decided, a JSON Pointer or built-in.</summary>
    public string Label(string server, string tool, string rule, bool isAllowed)
    {
        var known = _servers.GetOrAdd(
            server, static _ => new ConcurrentDictionary<string, string>(StringComparer.Ordinal));
        if (known.TryGetValue(tool, out var label))
            return label;
        var mayBeLabel = isAllowed || IsEntryOf(rule, tool);
        return mayBeLabel && known.Count < ToolsMax ? known.GetOrAdd(tool, tool) : Other;
    }

    private static bool IsEntryOf(string rule, string tool)
    {
        if (!rule.StartsWith(EntryPrefix, StringComparison.Ordinal))
            return false;
        var entry = rule[EntryPrefix.Length..];
        var end = entry.IndexOf('/', StringComparison.Ordinal);
        return (end < 0 ? entry : entry[..end]) == JsonPointerStep(tool);
    }

    private static string JsonPointerStep(string name) => JsonPointer.Escape(name);
}
