using System.Collections.Frozen;

namespace Gateway.Control.Snapshots;

/// <summary>
/// The names of renamed servers. All state of a server is kept under its first name, so a rename moves nothing:
/// counters, approvals, accepted tools and the references of grants keep their keys. The present name and the former
/// ones lead to the first one; a former name stays reserved, so that an agent's old address never reaches another
/// server.
/// </summary>
public sealed class ServerNames
{
    /// <summary>The maximum number of former names of one server.</summary>
    public const int FormerMax = 16;

    private readonly FrozenDictionary<string, (string Name, IReadOnlyList<string> Former)> _renamed;
    private readonly FrozenDictionary<string, string> _first;

    /// <param name="renamed">By first name: the present name, and the former ones without the first.</param>
    internal ServerNames(IReadOnlyDictionary<string, (string Name, IReadOnlyList<string> Former)> renamed)
    {
        _renamed = renamed.ToFrozenDictionary(StringComparer.Ordinal);
        _first = renamed.SelectMany(static one => one.Value.Former.Append(one.Value.Name)
            .Where(name => name != one.Key).Select(name => KeyValuePair.Create(name, one.Key)))
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The names if no server was renamed.</summary>
    public static ServerNames None { get; } = new(new Dictionary<string, (string, IReadOnlyList<string>)>());

    /// <summary>True if every server has its first name.</summary>
    public bool IsEmpty => _renamed.Count == 0;

    /// <summary>
    /// Returns the first name of the server with this name; the name itself if it was never part of a rename.
    /// </summary>
    public string FirstOf(string name) => _first.GetValueOrDefault(name, name);

    /// <summary>Returns the present name of the server with this first name.</summary>
    public string Shown(string first) => _renamed.TryGetValue(first, out var names) ? names.Name : first;

    /// <summary>Returns the other names at which agents reach the server with this first name.</summary>
    public IReadOnlyList<string> FormerOf(string first) =>
        _renamed.TryGetValue(first, out var names) ? Others(first, names.Name, names.Former) : [];

    /// <summary>Returns all names but the present one.</summary>
    /// <param name="first">The first name.</param>
    /// <param name="name">The present name.</param>
    /// <param name="former">The former names without the first one.</param>
    public static IReadOnlyList<string> Others(string first, string name, IReadOnlyList<string> former) =>
        name == first ? former : [first, .. former];
}
