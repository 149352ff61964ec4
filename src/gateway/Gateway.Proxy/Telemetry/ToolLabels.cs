using System.Collections.Concurrent;
using Gateway.Policy.Json;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// Keeps one server's tool names as labels bounded. An agent chooses the name in its call, so a name becomes a label of
/// its own only where the policy names it or once a call by it was allowed, and only so many; the rest count together.
/// </summary>
internal sealed class ToolLabels
{
    public const int ToolsMax = 500;
    public const string Other = "(other)";
    private const string EntryPrefix = "/tools/";

    private readonly ConcurrentDictionary<string, OutcomeSeries> _tools = new(StringComparer.Ordinal);
    private readonly OutcomeSeries _other = new(Other);

    /// <summary>
    /// What is counted under a tool's label; <paramref name="rule"/>, a JSON Pointer or built-in, decided its call.
    /// </summary>
    public OutcomeSeries Of(string tool, string rule, bool isAllowed)
    {
        if (_tools.TryGetValue(tool, out var known))
            return known;
        var mayBeLabel = isAllowed || IsEntryOf(rule, tool);
        return mayBeLabel && _tools.Count < ToolsMax
            ? _tools.GetOrAdd(tool, static name => new OutcomeSeries(name))
            : _other;
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
