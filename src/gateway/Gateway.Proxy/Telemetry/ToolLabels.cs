using System.Collections.Concurrent;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The bounded set of one server's tool names that become labels. An agent chooses the name in its call, so a name gets
/// its own label only if the server has listed it or a policy names it. A name that a pattern of the policy covers is
/// counted under that pattern until the server has listed it; all others are counted together.
/// </summary>
internal sealed class ToolLabels
{
    public const int ToolsMax = 500;

    /// <summary>The longest label, in UTF-16 characters; MCP recommends tool names of at most 128.</summary>
    public const int LabelCharsMax = 128;

    /// <summary>The maximum number of listed names that are remembered; a server may list any number.</summary>
    public const int ListedMax = 10_000;

    public const string Other = "(other)";

    private readonly ConcurrentDictionary<string, OutcomeSeries> _tools = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _listed = new(StringComparer.Ordinal);
    private readonly OutcomeSeries _other = new(Other);
    private int _listedCount;

    /// <summary>Returns the series of a tool that has a label, or null for any other.</summary>
    public OutcomeSeries? Find(string tool) => _tools.GetValueOrDefault(tool);

    /// <summary>Returns the series of a tool without a label so far: its own from now on, or the shared one.</summary>
    /// <param name="tool">The name in the call.</param>
    /// <param name="isKnown">True if a policy or the inventory of the server has the name.</param>
    /// <param name="pattern">The pattern of the policy that covers the name; null if there is none.</param>
    public OutcomeSeries Add(string tool, bool isKnown, string? pattern = null) =>
        tool.Length <= LabelCharsMax && (isKnown || _listed.ContainsKey(tool)) && VisibleText.IsClear(tool)
        && _tools.Count < ToolsMax
            ? _tools.GetOrAdd(tool, static name => new OutcomeSeries(name))
            : pattern is not null ? Find(pattern) ?? Add(pattern, isKnown: true) : _other;

    /// <summary>Records a tool that the server listed.</summary>
    public void Listed(string tool)
    {
        if (tool.Length <= LabelCharsMax && Volatile.Read(ref _listedCount) < ListedMax && _listed.TryAdd(tool, 0))
            Interlocked.Increment(ref _listedCount);
    }
}
