using System.Collections.Frozen;
using Gateway.Policy.Variants;

namespace Gateway.Control.Virtual;

/// <summary>
/// The tools of a grant that stand for others: with another name or description, with arguments that are fixed, preset
/// or narrowed. A tool for which one of them stands is reached only through it, because the agent could go around it
/// otherwise.
/// </summary>
public sealed class VirtualTools
{
    private readonly FrozenDictionary<(string Server, string Name), VirtualTool> _byName;
    private readonly FrozenDictionary<(string Server, string Tool), VirtualTool[]> _byTool;

    private readonly FrozenDictionary<string, ListedNames> _names;

    internal VirtualTools(string json, IReadOnlyList<(string Server, VirtualTool Tool)> all)
    {
        Json = json;
        _byName = all.ToFrozenDictionary(static one => (one.Server, one.Tool.Name), static one => one.Tool);
        _byTool = all.GroupBy(static one => (one.Server, one.Tool.Tool))
            .ToFrozenDictionary(
                static group => group.Key, static group => group.Select(static one => one.Tool).ToArray());
        _names = all.GroupBy(static one => one.Server, StringComparer.Ordinal).ToFrozenDictionary(
            static group => group.Key,
            static group => new ListedNames(group.SelectMany(static one => new[] { one.Tool.Name, one.Tool.Tool })),
            StringComparer.Ordinal);
        Servers = [.. all.Select(static one => one.Server).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All of them, as they were written.</summary>
    public string Json { get; }

    /// <summary>The servers of the tools.</summary>
    public IReadOnlyList<string> Servers { get; }

    /// <summary>Returns the virtual tool that the grant calls by a name; null if there is none.</summary>
    public VirtualTool? Find(string server, string name) => _byName.GetValueOrDefault((server, name));

    /// <summary>Returns the virtual tools that stand for a server's tool; empty if none does.</summary>
    public IReadOnlyList<VirtualTool> Of(string server, string tool) => _byTool.GetValueOrDefault((server, tool), []);

    /// <summary>Returns true if the grant cannot call a server's tool by its own name.</summary>
    public bool Covers(string server, string tool) =>
        _byTool.ContainsKey((server, tool)) || _byName.ContainsKey((server, tool));

    /// <summary>
    /// Returns true if a name is covered, or a server could take it for one that is: then the call would go around the
    /// virtual tool.
    /// </summary>
    public bool MayCover(string server, string tool) => Covers(server, tool)
        || (_names.TryGetValue(server, out var names) && names.Of(tool).LookAlikes.Length > 0);
}
